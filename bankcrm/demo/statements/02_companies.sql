-- Organisations. Blocks of twelve begin a corporate group each while groups last; every 25th is a public body.
CREATE OR REPLACE TABLE companies AS
WITH numbered AS (
    SELECT o::BIGINT AS o, getvariable('persons') + o AS n, o // 12 AS block, o % 12 AS place
    FROM range(getvariable('organisations')) AS r (o)
), typed AS (
    SELECT *,
        block < getvariable('groups')
            AND place < CASE WHEN block < 3 THEN 8 ELSE 3 + draw_int('group size', block, 9) END AS in_group,
        o % 25 = 17 AS is_public,
        draw_item('front of company', o, getvariable('front_slots')) AS own_front
    FROM numbered
), shaped AS (
    SELECT *, is_public AND NOT in_group AS public_body,
        NOT is_public AND NOT in_group AND draw('sole trader', o) < 0.30 AS sole_trader,
        CASE WHEN in_group AND block = 0 THEN 0
             WHEN in_group AND draw('near', o) < 0.7 THEN draw_item('front of group', block, getvariable('front_slots'))
             ELSE own_front END AS front,
        even_rank(o, getvariable('organisations'), 'company rank') AS raw_rank
    FROM typed
), ranked AS (
    SELECT *, CASE WHEN in_group AND block = 0 AND place < 2 THEN 0.9985  -- the group that the manager Lin looks after
                   WHEN sole_trader THEN raw_rank * 0.75
                   WHEN in_group THEN 1.0 - (1.0 - raw_rank) * 0.5 ELSE raw_rank END AS rank,
        o // 25 AS body
    FROM shaped
), placed AS (
    SELECT r.*, f.district_code, f.district, f.city, f.short_city,
        draw_item('industry', o, getvariable('industry_slots')) AS slot,
        draw_item('trade', o, getvariable('trades')) AS trade,
        CASE WHEN in_group AND block = 0 THEN '江'
             ELSE draw_item('brand first', CASE WHEN in_group THEN 1000000 + block ELSE o END, getvariable('brands')) END AS brand_first,
        CASE WHEN in_group AND block = 0 THEN '南'
             ELSE draw_item('brand second', CASE WHEN in_group THEN 1000000 + block ELSE o END, getvariable('brands')) END AS brand_second,
        getvariable('bodies')[1 + (body // len(getvariable('districts'))) % len(getvariable('bodies'))] AS public_kind,
        getvariable('districts')[1 + body % len(getvariable('districts'))] AS public_place
    FROM ranked AS r JOIN fronts AS f USING (front)
), named AS (
    SELECT *,
        CASE WHEN public_body THEN 'institutional' WHEN sole_trader THEN 'inclusive'
             WHEN rank < 0.45 AND NOT in_group THEN 'inclusive' ELSE 'corporate' END AS line,
        CASE WHEN public_body THEN public_kind.organisation_type WHEN sole_trader THEN 'sole_trader'
             WHEN in_group AND place = 0 AND block % 4 = 1 THEN 'state_owned'
             WHEN rank > 0.93 AND draw('joint stock', o) < 0.5 THEN 'joint_stock'
             WHEN draw('form', o) < 0.03 THEN 'partnership' ELSE 'limited' END AS organisation_type,
        CASE WHEN public_body THEN public_kind.section WHEN sole_trader THEN trade.section
             WHEN o = 1 THEN 'C' WHEN in_group AND place = 0 THEN 'L' ELSE slot.section END AS industry,
        CASE WHEN public_body THEN 'S' WHEN rank > 0.985 THEN 'large' WHEN rank > 0.90 THEN 'medium'
             WHEN rank > 0.45 AND NOT sole_trader THEN 'small' ELSE 'micro' END AS size_class,
        CASE WHEN public_body THEN public_place.name || CASE WHEN body >= len(getvariable('districts')) * len(getvariable('bodies'))
                  THEN '第' || (1 + body // (len(getvariable('districts')) * len(getvariable('bodies'))))::VARCHAR ELSE '' END || public_kind.name
             WHEN sole_trader THEN district || brand_first || draw_item('trader mark', o, getvariable('brands')) || trade.name
             WHEN in_group AND place = 0 THEN brand_first || brand_second || '控股集团有限公司'
             ELSE CASE WHEN in_group OR draw('place in name', o) < 0.3 THEN '' WHEN draw('place in name', o) < 0.6 THEN short_city
                       ELSE '江西' END || brand_first || brand_second || slot.phrase END AS stem
    FROM placed
), counted AS (
    SELECT *, row_number() OVER (PARTITION BY stem ORDER BY o) AS again,
        organisation_code(scattered(o + 17, 48271, 887503681)) AS code,
        CASE WHEN sole_trader THEN '92' WHEN organisation_type = 'government' THEN '11' WHEN organisation_type = 'institution' THEN '12'
             WHEN organisation_type = 'association' THEN '51' ELSE '91' END || district_code AS prefix
    FROM named
), coded AS (
    SELECT *, prefix || code || code_check(code) AS unchecked FROM counted
)
SELECT o, n, block, place, in_group, public_body, sole_trader, front, rank, line, organisation_type, industry, district_code, district, city,
    CASE WHEN size_class = 'S' THEN NULL ELSE size_class END AS enterprise_size,
    CASE WHEN o = 1 THEN '江南精工机械股份有限公司' WHEN o = 0 THEN '江南控股集团有限公司'
         ELSE CASE WHEN again = 1 THEN stem
                   ELSE replace(stem, brand_second, brand_second || draw_item('third', o * 8 + again, getvariable('brands'))) || CASE WHEN again > 3
                        THEN getvariable('numerals')[1 + again % 10] ELSE '' END END
            || CASE WHEN public_body OR sole_trader OR place = 0 AND in_group THEN '' WHEN organisation_type = 'joint_stock' THEN '股份有限公司'
                    WHEN organisation_type = 'partnership' THEN '合伙企业（有限合伙）' ELSE '有限公司' END END AS name,
    CASE WHEN o = 1 THEN '通用机械设备的制造、销售与维修；金属制品加工' WHEN sole_trader THEN trade.name || '经营' WHEN public_body THEN '公共服务' ELSE slot.scope END AS business_scope,
    CAST(100 * log_logistic(rank, 300000, 0.72) * CASE WHEN sole_trader THEN 0.35 ELSE 1 END AS BIGINT) AS wealth,
    CASE WHEN public_body THEN NULL ELSE 10000 * CAST(greatest(1, round(log_logistic(rank, 60, 0.75)
        * CASE WHEN sole_trader THEN 0.1 ELSE 5 END, -1)) AS BIGINT) END AS capital,
    CAST(greatest(1, log_logistic(rank, 14, 0.62) * CASE WHEN sole_trader THEN 0.2 ELSE 1 END) AS INTEGER) AS employee_count,
    DATE '1994-01-01' + CAST(draw('established', o) * (getvariable('start_on') - DATE '1994-03-01') AS INTEGER) AS established_on,
    unchecked || credit_check(unchecked) AS credit_code,
    draw_normal('company growth', o) * 0.22 + 0.05 AS growth,
    NOT in_group AND NOT public_body AND draw('company leaver', o) < 0.04 AS leaver
FROM coded;

-- Since when each is a customer: an eighth came within the months shown.
CREATE OR REPLACE TABLE companies AS
SELECT *, CASE WHEN draw('company new', o) < 0.88 OR in_group OR public_body
        THEN greatest(established_on + 20, DATE '1999-01-01') + CAST(draw('company since', o)
             * greatest(getvariable('start_on') - 1 - greatest(established_on + 20, DATE '1999-01-01'), 0) AS INTEGER)
        ELSE getvariable('start_on') + CAST(draw('company since', o) * (getvariable('horizon_on') - getvariable('start_on')) AS INTEGER)
    END AS opened_on,
    CASE WHEN leaver THEN getvariable('business_on') - 95 - draw_int('company leaves', o, 30) END AS leaves_on
FROM companies;
