"""Fresh statistics after a large load: the loader owns no table, so it asks through a function of the owner's."""

from django.db import migrations

CREATE = """
CREATE FUNCTION feeds_analyze(target regclass) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
BEGIN
    EXECUTE format('ANALYZE %s', target);
END $$;
REVOKE ALL ON FUNCTION feeds_analyze(regclass) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION feeds_analyze(regclass)")]
