-- step: ref_cube_unit
-- grain: one row for each unit
-- key: unit_id
-- inputs: src_org_unit
-- sort: unit_id
-- The units and the head office, which stands in for units nobody knows; apart from the units' other columns, so that a
-- new manager or address of a unit does not make the cubes of all months anew.
SELECT unit_id, parent_id IS NULL AS is_root
FROM src_org_unit
