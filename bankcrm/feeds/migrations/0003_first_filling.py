"""Filling an empty table is many times quicker without its indexes and foreign keys; the loader owns neither.

`feeds_shelve` takes them off empty tables and keeps their definitions; `feeds_unshelve` puts them back, checked over all
rows at once. Both happen in the transaction that publishes, so nobody ever sees a table without them.
"""

from django.db import migrations

CREATE = """
CREATE TABLE feeds_shelved (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target oid NOT NULL,
    definition text NOT NULL
);

CREATE FUNCTION feeds_shelve(targets regclass[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    target regclass;
    found record;
    is_filled boolean;
BEGIN
    FOREACH target IN ARRAY targets LOOP
        EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', target);
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', target) INTO is_filled;
        IF is_filled THEN
            RAISE EXCEPTION 'table % is not empty', target;
        END IF;
    END LOOP;
    -- Primary keys stay: they are filled in order. Foreign keys to tables that people use meanwhile stay as well.
    FOR found IN
        SELECT c.conrelid, c.conname, pg_get_constraintdef(c.oid) AS definition, c.contype <> 'f' AS is_first
        FROM pg_constraint c
        WHERE c.conrelid = ANY (targets)
            AND (c.contype = 'x' OR (c.contype = 'f' AND c.confrelid = ANY (targets))
                OR (c.contype = 'u' AND NOT EXISTS (
                    SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)))
        ORDER BY (c.contype <> 'f') DESC, c.conname
    LOOP
        INSERT INTO public.feeds_shelved (target, definition) VALUES (found.conrelid,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', found.conrelid::regclass, found.conname, found.definition));
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.conrelid::regclass, found.conname);
    END LOOP;
    FOR found IN
        SELECT i.indrelid, i.indexrelid, pg_get_indexdef(i.indexrelid) AS definition
        FROM pg_index i
        WHERE i.indrelid = ANY (targets) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        ORDER BY i.indexrelid
    LOOP
        INSERT INTO public.feeds_shelved (target, definition) VALUES (found.indrelid, found.definition);
        EXECUTE format('DROP INDEX %s', found.indexrelid::regclass);
    END LOOP;
END $$;

CREATE FUNCTION feeds_unshelve(filled regclass) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET maintenance_work_mem = '512MB' AS $$
DECLARE
    found record;
BEGIN
    -- Foreign keys last: they compare with the indexes that come before them.
    FOR found IN
        SELECT place, definition FROM public.feeds_shelved WHERE target = filled
        ORDER BY definition LIKE '%FOREIGN KEY%', place
    LOOP
        EXECUTE found.definition;
        DELETE FROM public.feeds_shelved WHERE place = found.place;
    END LOOP;
END $$;

REVOKE ALL ON TABLE feeds_shelved FROM PUBLIC;
REVOKE ALL ON FUNCTION feeds_shelve(regclass[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION feeds_unshelve(regclass) FROM PUBLIC;
"""
DROP = """
DROP FUNCTION feeds_unshelve(regclass);
DROP FUNCTION feeds_shelve(regclass[]);
DROP TABLE feeds_shelved;
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0002_analyze_function")]

    operations = [migrations.RunSQL(CREATE, DROP)]
