import json
from datetime import date

import duckdb

from bankcrm.feeds.contract.catalogue import BY_NAME
from bankcrm.lake.connection import connect
from bankcrm.lake.delivery import read_delivery
from bankcrm.lake.landing import land
from bankcrm.lake.reasons import reason_text

DAY = date(2026, 11, 22)


def test_a_wrong_document_number_is_rejected_and_the_organisation_stays(tmp_path):
    folder = tmp_path / DAY.isoformat()
    folder.mkdir()
    (folder / "organisation.csv").write_text("source_system,customer_id,name\nCORE,1,甲公司\n")
    (folder / "identity_document.csv").write_text(
        "source_system,customer_id,document_type,document_number\n"
        "CORE,1,uscc,91350100M000100Y4Z\nCORE,1,uscc,91350100M000100Y43\n"
    )
    files = [{"file": f"{feed}.csv", "feed": feed} for feed in ("organisation", "identity_document")]
    manifest = {"business_date": DAY.isoformat(), "base_currency": "CNY", "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    landed = {}
    with connect(temp=tmp_path / "duck") as connection:
        for file in read_delivery(folder, known=BY_NAME).files:
            landed[file.feed] = land(BY_NAME[file.feed], file, out=tmp_path / "lake", load_id=1, connection=connection)
    assert (landed["organisation"].rows_loaded, landed["identity_document"].rows_loaded) == (1, 1)
    path = tmp_path / "lake" / landed["identity_document"].rejects
    found = duckdb.sql(f"SELECT line, \"column\", value, reason, severity FROM '{path}'").fetchall()
    assert found == [(2, "document_number", "91350100M000100Y4Z", "wrong_number", "row")]
    assert reason_text("wrong_number", language="zh-hans") == "证件号码不符合该证件类型的编码规则"
