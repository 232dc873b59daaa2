-- fact: calendar_day
-- grain: one row for each day of the bank's calendar
-- key: day
-- inputs: src_calendar
SELECT calendar_on AS day, is_business_day, coalesce(holiday, '') AS holiday FROM src_calendar
