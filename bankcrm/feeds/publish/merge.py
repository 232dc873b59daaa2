"""The SQL that brings a staged delta into its target, made from the fact's declaration."""

from bankcrm.feeds.publish.facts import Fact

SCHEMA = "staging"


def staged(fact: Fact) -> str:
    """The table that holds the new and changed rows."""
    return f"{SCHEMA}.{fact.name}"


def staged_gone(fact: Fact) -> str:
    """The table that holds the keys of rows that are no longer there."""
    return f"{SCHEMA}.{fact.name}_gone"


def merge_sql(fact: Fact) -> str:
    """MERGE of the staged rows: inserts what is new, writes only what differs, so that repeating it changes nothing."""
    names = list(fact.columns)
    values = ", ".join(f"{expression} AS {name}" for name, expression in fact.columns.items())
    constants = [f"{expression} AS {name}" for name, expression in fact.constants.items()]
    on = " AND ".join(f"t.{column} = n.{column}" for column in fact.match)
    compared = [name for name in names if name not in fact.match]
    written = [*compared, *fact.constants]
    inserted = [*names, *fact.constants]
    update = ""
    if compared:
        update = (
            f"WHEN MATCHED AND ({', '.join(f't.{name}' for name in compared)}) IS DISTINCT FROM "
            f"({', '.join(f'n.{name}' for name in compared)}) "
            f"THEN UPDATE SET {', '.join(f'{name} = n.{name}' for name in written)} "
        )
    return (
        f"MERGE INTO {fact.table} t "
        f"USING (SELECT {', '.join([values, *constants])} FROM {staged(fact)} s {fact.joins}) n "
        f"ON {on} {update}"
        f"WHEN NOT MATCHED THEN INSERT ({', '.join(inserted)}) VALUES ({', '.join(f'n.{name}' for name in inserted)})"
    )


def gone_sql(fact: Fact) -> str:
    """What happens to rows that the new build no longer has; empty where they are kept as they are."""
    if fact.gone == "keep":
        return ""
    expressions = {column: fact.columns[column] for column in fact.match}
    source = ", ".join(f"{expression} AS {column}" for column, expression in expressions.items())
    # Only the join that resolves a code of the key is needed here: the gone table holds the key alone.
    joins = fact.joins if any(not expression.startswith("s.") for expression in expressions.values()) else ""
    using = f"(SELECT {source} FROM {staged_gone(fact)} s {joins}) n"
    on = " AND ".join(f"t.{column} = n.{column}" for column in fact.match)
    if fact.gone == "delete":
        return f"DELETE FROM {fact.table} t USING {using} WHERE {on}"
    return f"UPDATE {fact.table} t SET {fact.gone} FROM {using} WHERE {on}"
