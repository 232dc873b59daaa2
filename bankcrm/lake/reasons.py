"""What each code of a reject or a fault means, in both languages, and what to do about it.

`{name}` stands for a value of the fault's detail. The rules of the contract bring their own texts (`register`).
"""

from collections.abc import Mapping

# A row, a value or a line.
ROW_REASONS: dict[str, tuple[str, str]] = {
    "required": ("必填项为空", "A required value is missing"),
    "too_long": ("内容超过约定长度", "Longer than agreed"),
    "nul_character": ("含有空字符（NUL）", "Holds a NUL character"),
    "unknown_code": ("代码不在码表中", "Not in the code table"),
    "bad_integer": ("不是整数", "Not a whole number"),
    "bad_money": (
        "不是金额（只接受数字与小数点，最多两位小数，不接受千分位）",
        "Not an amount: digits and a point with at most two decimals, no thousands separators",
    ),
    "bad_rate": ("不是利率或份额（最多八位小数）", "Not a rate or share: at most eight decimals"),
    "bad_quantity": ("不是数量（最多六位小数）", "Not a quantity: at most six decimals"),
    "bad_date": (
        "日期不存在或格式不是 YYYY-MM-DD / YYYYMMDD",
        "No such day, or not written YYYY-MM-DD or YYYYMMDD",
    ),
    "implausible_date": ("日期不在 1800 至 2200 年之间", "A date outside the years 1800 to 2200"),
    "bad_timestamp": (
        "时间不存在或格式不是 YYYY-MM-DD HH:MM:SS",
        "No such time, or not written YYYY-MM-DD HH:MM:SS",
    ),
    "bad_boolean": ("不是布尔值（0/1、Y/N、true/false）", "Not 0 or 1, Y or N, true or false"),
    "duplicate_key": (
        "同一文件内主键重复（保留第一行）",
        "The key occurs twice in the file; the first row was kept",
    ),
    "other_source_system": (
        "来源系统与清单中该文件的来源系统不符",
        "Another source system than the manifest names for the file",
    ),
    "after_business_date": ("日期晚于业务日期", "Later than the business date"),
    "too_few_columns": ("列数不足（行可能被截断）", "Too few columns (a torn line?)"),
    "too_many_columns": ("列数过多（内容中可能含分隔符）", "Too many columns (a delimiter inside a value?)"),
    "stray_quote": ("引号之后有多余字符", "Text after a closing quote"),
    "open_quote": ("引号没有闭合", "A quote that never closes"),
    "bad_encoding": ("字节不符合约定编码", "Bytes that are not of the agreed encoding"),
    "line_too_long": ("行过长", "A line that is too long"),
    "unknown_column": ("约定之外的列，已忽略", "A column the contract does not know; ignored"),
    "unknown_party": (
        "客户未曾下发；账户归入“未识别客户”",
        "The customer was never delivered; money goes to the unidentified customer",
    ),
    "unknown_holding": ("账户未曾下发", "The holding was never delivered"),
    "unknown_product": ("产品未曾下发", "The product was never delivered"),
    "unknown_org_unit": ("机构未曾下发", "The unit was never delivered"),
    "unknown_employee_number": ("员工未曾下发", "The employee was never delivered"),
    "share_over_100": ("同一对象同一时点的份额合计超过 100 %", "Shares of one object at one moment exceed 100 %"),
    "absent_from_full": (
        "全量余额文件缺少未销户的账户（沿用上一日余额）",
        "An open account is absent from the full balance file; its last balance is carried on",
    ),
}

# A file, a manifest or a mapping: with what to do.
FAULT_REASONS: dict[str, tuple[str, str]] = {
    "no_delivery": (
        "没有可装载的文件。请检查目录，等待清单 manifest.json 或各文件的 .ok 标志文件到达。{waiting}",
        "There is nothing to load. Check the folder; wait for manifest.json or the .ok file of each file. {waiting}",
    ),
    "bad_manifest": (
        "清单 manifest.json 的“{key}”有误：{value}。请修正清单后重新装载。",
        "“{key}” of manifest.json is wrong: {value}. Correct the manifest and load again.",
    ),
    "bad_entry": (
        "文件 {file} 的“{key}”有误：{value}。请修正清单或标志文件后重新装载。",
        "“{key}” of {file} is wrong: {value}. Correct the manifest or the .ok file and load again.",
    ),
    "bad_business_date": (
        "业务日期“{value}”不是 YYYY-MM-DD。请修正清单，或用业务日期给目录命名。",
        "The business date “{value}” is not YYYY-MM-DD. Correct the manifest, or name the folder by its date.",
    ),
    "date_mismatch": (
        "目录日期 {folder} 与清单业务日期 {manifest} 不一致。请确认后改正其中之一。",
        "The folder is named {folder}, the manifest says {manifest}. Find out which is right and correct the other.",
    ),
    "missing_file": (
        "清单中的文件 {file} 不存在。请让来源系统补发后重新装载。",
        "{file} is in the manifest but not in the folder. Have it delivered, and load again.",
    ),
    "outside_folder": (
        "文件 {file} 不在下发目录之内，拒绝读取。",
        "{file} lies outside the delivery's folder and is not read.",
    ),
    "wrong_hash": (
        "文件 {file} 的 SHA-256 与清单不符（传输不完整或被改动）。请重新传输后装载。",
        "The SHA-256 of {file} differs from the manifest (cut off or changed). Transfer it again, and load again.",
    ),
    "unknown_feed": (
        "文件 {file} 的接口“{feed}”不在约定之中。请检查清单或文件名。",
        "{file}: there is no feed “{feed}”. Check the manifest or the file's name.",
    ),
    "repeated_file": (
        "文件 {file} 与 {first} 内容相同或重复列出。请去掉其中一个。",
        "{file} is the same as {first}, or listed twice. Remove one of them.",
    ),
    "unlisted_file": (
        "目录中的 {file} 未列入清单，未被装载。",
        "{file} is in the folder but not in the manifest; it was not loaded.",
    ),
    "bad_format": (
        "文件 {file} 的格式参数“{key}”有误：{value}。请对照接口文档修正。",
        "The format key “{key}” of {file} is wrong: {value}. See the feeds' documentation.",
    ),
    "unreadable": (
        "文件 {file} 无法读取：{why}。请检查文件与权限，必要时重新传输。",
        "{file} cannot be read: {why}. Check the file and its permissions, or transfer it again.",
    ),
    "torn_archive": (
        "压缩文件 {file} 不完整（{why}）。请重新传输后装载。",
        "The archive {file} is cut off or damaged ({why}). Transfer it again, and load again.",
    ),
    "inflated_archive": (
        "压缩文件 {file} 解压后超过其大小的 {times} 倍，已停止解压。请向来源系统核实该文件。",
        "The archive {file} unpacks to more than {times} times its size: it was not read on. Ask its source about it.",
    ),
    "empty_file": (
        "文件 {file} 为空，连表头都没有。请让来源系统重新下发；没有数据时也须有表头。",
        "{file} is empty, without even a header. Have it delivered again; a file without rows still has its header.",
    ),
    "bad_header": (
        "文件 {file} 的表头无法按约定编码读取。请检查编码参数。",
        "The header of {file} is not in the agreed encoding. Check the encoding.",
    ),
    "repeated_column": (
        "文件 {file} 的列“{column}”出现两次。请修正表头。",
        "The column “{column}” occurs twice in {file}. Correct the header.",
    ),
    "missing_column": (
        "文件 {file} 缺少接口“{feed}”的必填列“{column}”。请检查表头、分隔符与格式参数。",
        "{file} lacks the column “{column}” that feed {feed} requires. Check header, delimiter and format.",
    ),
    "changed_while_loading": (
        "文件 {file} 在装载过程中被改动。请等传输完成后重新装载。",
        "{file} was changed while it was being loaded. Wait until its transfer is over, and load again.",
    ),
    "row_count": (
        "文件 {file} 应有 {announced} 行，实有 {found} 行（可能被截断）。请重新传输后装载。",
        "{file} should have {announced} rows and has {found} (cut off?). Transfer it again, and load again.",
    ),
    "control_total": (
        "文件 {file} 的控制总额（{key}）应为 {announced}，实为 {found}。请与来源系统核对后重新下发。",
        "The control total ({key}) of {file} should be {announced} and is {found}. Check with the source system.",
    ),
    "bad_mapping": (
        "映射 {file} 有误：{why}。请修正映射后重试。",
        "The mapping {file} is wrong: {why}. Correct it, and try again.",
    ),
    "mapping_query": (
        "映射中接口“{feed}”的查询出错：{why}。",
        "The query of feed {feed} in the mapping fails: {why}.",
    ),
    "mapping_column": (
        "映射中接口“{feed}”的列“{column}”有误：{why}。",
        "Column “{column}” of feed {feed} in the mapping: {why}.",
    ),
    "missing_source": (
        "映射所需的源文件 {file} 不存在。请检查源目录。",
        "The mapping needs the source file {file}, which is not there. Check the source folder.",
    ),
}

REASONS: dict[str, tuple[str, str]] = {**ROW_REASONS, **FAULT_REASONS}


class _Gaps(dict[str, str]):
    """Values of a detail; what is missing leaves a gap, never an error."""

    def __missing__(self, key: str) -> str:
        return ""


def register(texts: Mapping[str, tuple[str, str]]) -> None:
    """Adds texts (Chinese, English) of rules. Raises ValueError where a code already means something else."""
    for code, text in texts.items():
        if REASONS.setdefault(code, text) != text:
            raise ValueError(f"the reason {code} has two meanings")


def reason_text(code: str, *, language: str, detail: Mapping[str, object] | None = None) -> str:
    """The text of a code in `language` (`en…`, else Chinese), filled with `detail`; the code itself where unknown."""
    if code not in REASONS:
        return code
    chinese, english = REASONS[code]
    text = english if language.lower().startswith("en") else chinese
    if code in FAULT_REASONS:
        return text.format_map(_Gaps({key: str(value) for key, value in (detail or {}).items()})).strip()
    return text
