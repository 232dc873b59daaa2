"""Names of people and firms as they are compared, sorted and searched.

Chinese readings come from pypinyin, looked up once per character: 15 times as fast as asking it for whole names. Its
readings of surnames are those of everyday words (单 as dān), so surnames have a table of their own, and both readings
are searchable.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

# Surnames whose everyday reading is another one. Only the reading as a surname is listed.
SURNAMES: dict[str, str] = {
    "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "翟": "zhai", "曾": "zeng", "盖": "ge", "乐": "yue",
    "查": "zha", "朴": "piao", "员": "yun", "缪": "miao", "宓": "mi", "覃": "qin", "召": "shao", "冼": "xian",
    "秘": "bi", "折": "she", "黑": "he", "重": "chong", "种": "chong", "谌": "chen", "逄": "pang", "繁": "po",
    "能": "nai", "祭": "zhai", "车": "che", "纪": "ji", "薄": "bo", "句": "gou", "郇": "xun", "幺": "yao",
    "长": "zhang", "卜": "bu", "洗": "xian", "隗": "wei", "郗": "xi", "贠": "yun", "佴": "nai", "乜": "nie",
    "尉": "wei", "阚": "kan", "燕": "yan", "哈": "ha", "沈": "shen", "石": "shi", "曲": "qu", "贾": "jia",
    "盛": "sheng", "俞": "yu", "洪": "hong", "莘": "shen", "褚": "chu", "晁": "chao", "谷": "gu", "柏": "bai",
    "万": "wan", "若": "ruo", "叶": "ye", "宁": "ning", "都": "du", "臧": "zang", "藏": "zang", "相": "xiang",
}  # fmt: skip
COMPOUND_SURNAMES: dict[str, tuple[str, ...]] = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"), "令狐": ("ling", "hu"), "宰父": ("zai", "fu"), "鲜于": ("xian", "yu"),
}  # fmt: skip

DOTS = re.compile(r"[·•・‧∙⋅᛫．.]")
SPACES = re.compile(r"\s+")
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]")
LATIN_OR_DIGIT = re.compile(r"[0-9a-z]+")
SORT_KEY_LENGTH = 120
SEARCH_LENGTH = 120


class SearchNames(NamedTuple):
    """What a name is searched and sorted by."""

    sort_key: str
    pinyin: tuple[str, ...]
    initials: tuple[str, ...]
    pieces: tuple[str, ...]


def normalise(name: str | None) -> str:
    """The form in which two spellings of one name are equal: width, case, spaces and the dot of minority names.

    Rare characters stay as they are; nothing inside is guessed or corrected.
    """
    text = unicodedata.normalize("NFKC", name or "")
    return SPACES.sub("", DOTS.sub("", text)).casefold()


@lru_cache(maxsize=40_000)
def _reading(character: str) -> str:
    """The everyday reading of one character without tone; a rare one that nobody can read stays itself."""
    from pypinyin import Style, lazy_pinyin  # its tables fill 55 MiB, and a web process hardly ever reads a name

    read: str = lazy_pinyin(character, style=Style.NORMAL, v_to_u=False, errors="default")[0]
    return read.casefold()


def _is_chinese(character: str) -> bool:
    return CHINESE.match(character) is not None


def syllables(name: str, *, person: bool = True) -> tuple[tuple[str, ...], ...]:
    """The readings of a name, the right one first: each a tuple of syllables, Latin words kept whole.

    Persons get the surname's own reading and the everyday one; firms are read word by word, so that 银行 is yinhang.
    """
    text = normalise(name)
    if not text:
        return ()
    if not person:
        return (_words(text),)
    everyday = tuple(_split(text))
    for length in (2, 1):
        right = COMPOUND_SURNAMES.get(text[:2]) if length == 2 else _surname(text)
        if right and everyday[:length] != right:
            return (right + everyday[length:], everyday)
    return (everyday,)


def _surname(text: str) -> tuple[str, ...] | None:
    read = SURNAMES.get(text[0])
    return (read,) if read else None


def _split(text: str) -> Iterator[str]:
    """Characters by their reading, runs of Latin letters and digits whole, signs left out."""
    position = 0
    while position < len(text):
        character = text[position]
        if _is_chinese(character):
            yield _reading(character)
            position += 1
        elif found := LATIN_OR_DIGIT.match(text, position):
            yield found.group()
            position = found.end()
        else:
            position += 1


def _words(text: str) -> tuple[str, ...]:
    from pypinyin import Style, lazy_pinyin

    read = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors=lambda run: " ".join(_split(run)))
    return tuple(" ".join(read).casefold().split())


def pinyin(name: str, *, person: bool = True) -> tuple[str, ...]:
    """Full pinyin without spaces, the right reading first: 单雄信 → ("shanxiongxin", "danxiongxin")."""
    return tuple("".join(parts)[:SEARCH_LENGTH] for parts in syllables(name, person=person))


def initials(name: str, *, person: bool = True) -> tuple[str, ...]:
    """First letters, the right reading first: 单雄信 → ("sxx", "dxx")."""
    found = ("".join(part[0] for part in parts)[:SEARCH_LENGTH] for parts in syllables(name, person=person))
    return tuple(dict.fromkeys(found))


def sort_key(name: str, *, person: bool = True) -> str:
    """What a list of names is ordered by: the right reading syllable by syllable, then the name itself.

    C.UTF-8 orders by code point, which puts 阿 after 赵. Syllables are parted by a space, which sorts before letters,
    so that 西安 does not fall among the 先.
    """
    read = syllables(name, person=person)
    return f"{' '.join(read[0])} {normalise(name)}"[:SORT_KEY_LENGTH] if read else ""


def pieces(name: str) -> tuple[str, ...]:
    """All 1- and 2-character pieces of a name: with these in a GIN index any fragment of two or more is found."""
    text = normalise(name)
    return tuple(sorted({*text, *(text[start : start + 2] for start in range(len(text) - 1))}))


def search_names(name: str, *, person: bool = True) -> SearchNames:
    """Everything at once, for loading: about 100,000 names a second."""
    text = normalise(name)
    read = syllables(name, person=person)
    return SearchNames(
        f"{' '.join(read[0])} {text}"[:SORT_KEY_LENGTH] if read else "",
        tuple("".join(parts)[:SEARCH_LENGTH] for parts in read),
        tuple(dict.fromkeys("".join(part[0] for part in parts)[:SEARCH_LENGTH] for parts in read)),
        pieces(name),
    )


def search_names_of(rows: Iterable[tuple[str, bool]]) -> Iterator[SearchNames]:
    """The same for many (name, is a person); names that repeat, as 张伟 does, are worked out once."""
    remembered: dict[tuple[str, bool], SearchNames] = {}
    for row in rows:
        found = remembered.get(row)
        if found is None:
            found = remembered[row] = search_names(row[0], person=row[1])
            if len(remembered) > 200_000:
                for old in list(islice(remembered, 100_000)):
                    del remembered[old]
        yield found
