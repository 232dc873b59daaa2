-- The head office, and each of the 77 districts as a branch in its region.
SELECT '0' AS unit_id, 'Head office' AS name, 'Head office' AS name_en, 'head_office' AS unit_kind, NULL AS parent_id, NULL AS region
UNION ALL
SELECT district_id, city || ', ' || state_abbrev, city || ', ' || state_abbrev, 'branch', '0', region FROM district
