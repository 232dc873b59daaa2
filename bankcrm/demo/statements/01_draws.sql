-- Chance without state: the same number for the same purpose and id, however many threads work and in whatever order.
CREATE OR REPLACE MACRO draw(purpose, id) AS
    ((hash(id::BIGINT, purpose, getvariable('seed')::BIGINT) >> 11)::DOUBLE * 1.1102230246251565e-16);
CREATE OR REPLACE MACRO draw_int(purpose, id, n) AS CAST(floor(draw(purpose, id) * n) AS INTEGER);
CREATE OR REPLACE MACRO draw_item(purpose, id, items) AS list_extract(items, 1 + draw_int(purpose, id, len(items)));
-- Box and Muller's transform of two draws.
CREATE OR REPLACE MACRO draw_normal(purpose, id) AS
    (sqrt(-2.0 * ln(1.0 - draw(purpose, id))) * cos(6.283185307179586 * draw(purpose, id::BIGINT + 7000000000000)));
-- Ranks spread evenly over 0–1 in a scattered order (multiples of the golden ratio), so that a small bank has the
-- same distribution of wealth as a large one.
CREATE OR REPLACE MACRO even_rank(i, n, purpose) AS
    (least(greatest((i * 0.6180339887498949 + draw(purpose, 1)) % 1.0, 0.5 / n), 1.0 - 0.5 / n));
-- The quantile of a log-logistic distribution; `beta` is its Gini coefficient.
CREATE OR REPLACE MACRO log_logistic(rank, median, beta) AS (median * pow(rank / (1.0 - rank), beta));

CREATE OR REPLACE MACRO digit(n, power) AS (((n) // (power)) % 10);
CREATE OR REPLACE MACRO doubled(n, power) AS (2 * digit(n, power) - CASE WHEN digit(n, power) > 4 THEN 9 ELSE 0 END);
-- GB 11643: check digit of region (6 digits), birth date (8) and sequence (3).
CREATE OR REPLACE MACRO resident_check(region, born, seq) AS substr('10X98765432', 1 + CAST((
    7 * digit(region, 100000) + 9 * digit(region, 10000) + 10 * digit(region, 1000) + 5 * digit(region, 100)
    + 8 * digit(region, 10) + 4 * digit(region, 1)
    + 2 * digit(born, 10000000) + 1 * digit(born, 1000000) + 6 * digit(born, 100000) + 3 * digit(born, 10000)
    + 7 * digit(born, 1000) + 9 * digit(born, 100) + 10 * digit(born, 10) + 5 * digit(born, 1)
    + 8 * digit(seq, 100) + 4 * digit(seq, 10) + 2 * digit(seq, 1)) % 11 AS INTEGER), 1);
CREATE OR REPLACE MACRO resident_id(region, born, seq) AS
    (region::VARCHAR || born::VARCHAR || lpad(seq::VARCHAR, 3, '0') || resident_check(region, born, seq));
-- Luhn: the check digit that makes an 18-digit number a 19-digit card number (also for shorter ones).
CREATE OR REPLACE MACRO luhn_check(n) AS ((10 - (
    doubled(n, 1) + digit(n, 10) + doubled(n, 100) + digit(n, 1000) + doubled(n, 10000) + digit(n, 100000)
    + doubled(n, 1000000) + digit(n, 10000000) + doubled(n, 100000000) + digit(n, 1000000000)
    + doubled(n, 10000000000) + digit(n, 100000000000) + doubled(n, 1000000000000) + digit(n, 10000000000000)
    + doubled(n, 100000000000000) + digit(n, 1000000000000000) + doubled(n, 10000000000000000)
    + digit(n, 100000000000000000)) % 10) % 10);
CREATE OR REPLACE MACRO card_number(n) AS (n::VARCHAR || luhn_check(n)::VARCHAR);

-- GB 32100 over the alphabet without I O S V Z; position counts from 0.
CREATE OR REPLACE MACRO credit_value(text, place) AS
    (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(text, place + 1, 1)) - 1);
CREATE OR REPLACE MACRO credit_check(t) AS substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + CAST((31 - (
    credit_value(t, 0) + 3 * credit_value(t, 1) + 9 * credit_value(t, 2) + 27 * credit_value(t, 3) + 19 * credit_value(t, 4)
    + 26 * credit_value(t, 5) + 16 * credit_value(t, 6) + 17 * credit_value(t, 7) + 20 * credit_value(t, 8)
    + 29 * credit_value(t, 9) + 25 * credit_value(t, 10) + 13 * credit_value(t, 11) + 8 * credit_value(t, 12)
    + 24 * credit_value(t, 13) + 10 * credit_value(t, 14) + 30 * credit_value(t, 15) + 28 * credit_value(t, 16)) % 31)
    % 31 AS INTEGER), 1);
-- GB 11714: check character of an eight-character organisation code.
CREATE OR REPLACE MACRO code_value(text, place) AS
    (strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(text, place + 1, 1)) - 1);
CREATE OR REPLACE MACRO code_check(t) AS substr('0X987654321', 1 + CAST((
    3 * code_value(t, 0) + 7 * code_value(t, 1) + 9 * code_value(t, 2) + 10 * code_value(t, 3) + 5 * code_value(t, 4)
    + 8 * code_value(t, 5) + 4 * code_value(t, 6) + 2 * code_value(t, 7)) % 11 AS INTEGER), 1);
-- Eight characters for a number: MA, as codes given since 2015 begin, and six of the 31.
CREATE OR REPLACE MACRO code_char(n, power) AS
    substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + CAST(((n) // (power)) % 31 AS INTEGER), 1);
CREATE OR REPLACE MACRO organisation_code(n) AS ('MA' || code_char(n, 28629151) || code_char(n, 923521) || code_char(n, 29791)
    || code_char(n, 961) || code_char(n, 31) || code_char(n, 1));

-- Numbers of the source systems: scattered, each used once (the factor is prime to the modulus).
CREATE OR REPLACE MACRO scattered(n, step, modulus) AS (((n)::BIGINT * step) % modulus);
CREATE OR REPLACE MACRO source_id(src, n, variant) AS (CASE src
    WHEN 'CORE' THEN '1' || lpad(scattered(n * 2 + variant, 611953, 999999937)::VARCHAR, 9, '0')
    WHEN 'LOAN' THEN 'L' || lpad(scattered(n, 715827, 99999989)::VARCHAR, 8, '0')
    WHEN 'CARD' THEN 'K' || lpad(scattered(n, 433494, 99999989)::VARCHAR, 8, '0')
    ELSE 'TA' || lpad(scattered(n, 523333, 99999989)::VARCHAR, 8, '0') END);
CREATE OR REPLACE MACRO holding_number(src, hid) AS
    (CASE src WHEN 'CORE' THEN 'D' WHEN 'LOAN' THEN 'L' WHEN 'CARD' THEN 'K' ELSE 'F' END || lpad(hid::VARCHAR, 11, '0'));
CREATE OR REPLACE MACRO yuan(fen) AS CAST((fen)::DECIMAL(16, 0) * 0.01::DECIMAL(2, 2) AS DECIMAL(18, 2));
CREATE OR REPLACE MACRO day_number(d) AS CAST((d)::DATE - DATE '1970-01-01' AS INTEGER);
CREATE OR REPLACE MACRO day_of(n) AS (DATE '1970-01-01' + (n)::INTEGER);
CREATE OR REPLACE MACRO ymd(d) AS (year(d) * 10000 + month(d) * 100 + day(d));
-- Where a holding is booked: mostly where its customer is at home, never a first account elsewhere.
CREATE OR REPLACE MACRO booked_front(hid, slot, front) AS
    (CASE WHEN draw('elsewhere', hid) < 0.04 AND slot <> 0 THEN draw_item('booked at', hid, getvariable('front_slots')) ELSE front END);
