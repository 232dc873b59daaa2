from django.db import migrations

# What was seen of a customer is kept as it was, but for what the person was called once the customer is erased.
KEEP = """
CREATE FUNCTION witness_refuse_change_but_names() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    emptied witness_customerwitness := OLD;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        emptied.name := NULL;
        emptied.name_en := NULL;
        emptied.industry := NULL;
        IF NEW IS NOT DISTINCT FROM emptied
            AND EXISTS (SELECT FROM customers_customer WHERE id = OLD.id AND status = 'erased') THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER witness_is_kept ON witness_customerwitness;
CREATE TRIGGER witness_is_kept BEFORE UPDATE OR DELETE ON witness_customerwitness
    FOR EACH ROW EXECUTE FUNCTION witness_refuse_change_but_names();
"""
BACK = """
DROP TRIGGER witness_is_kept ON witness_customerwitness;
CREATE TRIGGER witness_is_kept BEFORE UPDATE OR DELETE ON witness_customerwitness
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
DROP FUNCTION witness_refuse_change_but_names();
"""


class Migration(migrations.Migration):
    dependencies = [("witness", "0002_what_was_seen_is_kept"), ("customers", "0022_alter_customer_status")]
    operations = [migrations.RunSQL(KEEP, BACK)]
