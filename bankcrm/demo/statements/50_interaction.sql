-- Rows of the interaction feed as of `to_on`: what happened since `from_on`, and complaints that moved on meanwhile.
-- A customer has up to eight chances of a contact, persons more often than organisations; one contact in fourteen is a
-- complaint. Complaints are taken up after two days and mostly closed within nine; one in eight drags on for months.
WITH chances AS (
    SELECT s.n, s.kind AS who, s.customer_id, s.n * 8 + c.i AS id, f.unit_id,
        getvariable('start_on') + draw_int('contact day', s.n * 8 + c.i, getvariable('horizon_on') - getvariable('start_on') + 1) AS happened_on
    FROM sources AS s JOIN owners AS w ON w.n = s.n JOIN fronts AS f ON f.front = w.front
        CROSS JOIN (SELECT unnest(range(8)) AS i) AS c
    WHERE s.source = getvariable('source') AND s.variant = 0
        AND draw('contact', s.n * 8 + c.i) < CASE WHEN s.kind = 'P' THEN 0.14 ELSE 0.10 END
        AND w.opened_on < getvariable('start_on')
), kinds AS (
    SELECT *, CASE WHEN draw('contact kind', id) < 0.07 THEN 'complaint' WHEN draw('contact kind', id) < 0.47 THEN 'call'
        WHEN draw('contact kind', id) < 0.67 THEN 'message' WHEN draw('contact kind', id) < 0.80 THEN 'request'
        WHEN draw('contact kind', id) < 0.90 THEN 'visit' ELSE 'review' END AS kind,
        32400 + draw_int('contact second', id, 30600) AS second
    FROM chances
), dealt AS (
    SELECT *, CASE WHEN kind = 'complaint' THEN happened_on + CASE WHEN draw('drags on', id) < 0.125 THEN 30 + draw_int('closed after', id, 120)
        ELSE 1 + draw_int('closed after', id, 9) END
        WHEN kind = 'request' THEN happened_on + 1 + draw_int('closed after', id, 3) END AS closed_on,
        CASE kind
            WHEN 'complaint' THEN draw_item('about', id, ['对账单未按时收到', '手续费收取有异议', '理财到期未及时到账', '网点排队时间过长',
                '贷款提前还款受理慢', '信用卡账单有误', '客户经理长期未联系', '转账延迟到账'])
            WHEN 'call' THEN draw_item('about', id, ['查询账户余额', '咨询存款利率', '咨询转账限额', '询问网点营业时间', '手机银行登录问题',
                '咨询理财产品', '贷款还款日查询', '挂失与补卡'])
            WHEN 'message' THEN draw_item('about', id, ['询问产品到期日', '回复活动短信', '在线客服留言', '申请开具存款证明'])
            WHEN 'request' THEN draw_item('about', id, ['变更预留手机号', '打印流水', '申请调整转账限额', '开通短信提醒', '补打对账单'])
            WHEN 'visit' THEN draw_item('about', id, ['柜面办理大额存取', '更新证件信息', '咨询大额存单', '领取银行卡'])
            ELSE draw_item('about', id, ['服务满意度评价', '手机银行使用评价', '网点服务评价']) END AS subject
    FROM kinds
), stated AS (
    SELECT *, CASE WHEN closed_on IS NULL THEN 'closed' WHEN closed_on <= getvariable('to_on') THEN 'closed'
        WHEN happened_on + 2 <= getvariable('to_on') THEN 'in_progress' ELSE 'open' END AS status,
        happened_on + CASE WHEN kind = 'complaint' THEN 15 WHEN kind = 'request' THEN 3 END AS due_on
    FROM dealt
)
SELECT getvariable('source') AS source_system, CASE kind WHEN 'complaint' THEN 'TS' ELSE 'KF' END || lpad(id::VARCHAR, 10, '0') AS interaction_id,
    customer_id, happened_on, happened_on + to_seconds(second) AS happened_at, kind AS interaction_kind,
    CASE kind WHEN 'call' THEN 'phone' WHEN 'visit' THEN 'counter' WHEN 'message' THEN draw_item('by', id, ['app', 'wechat', 'sms'])
        WHEN 'review' THEN draw_item('by', id, ['app', 'counter']) WHEN 'complaint' THEN draw_item('by', id, ['phone', 'phone', 'counter', 'app', 'referral'])
        ELSE draw_item('by', id, ['phone', 'counter', 'app']) END AS channel,
    CASE kind WHEN 'complaint' THEN '投诉管理系统' WHEN 'visit' THEN '柜面系统' ELSE '客服系统' END AS recorded_in,
    NULL AS about_id, subject, NULL AS product,
    CASE WHEN kind = 'complaint' THEN '客户反映：' || subject || '，要求尽快答复。' WHEN kind = 'review' AND draw_int('stars', id, 10) > 7 THEN '等候时间偏长。' END AS note,
    CASE WHEN kind IN ('complaint', 'request') THEN status END AS status,
    CASE WHEN kind = 'complaint' AND status = 'closed' THEN draw_item('ended', id, ['已解释，客户认可', '已致歉并退还费用', '已解释，客户保留意见'])
        WHEN kind = 'call' THEN draw_item('ended', id, ['已答复', '已答复', '转网点跟进']) WHEN kind = 'request' AND status = 'closed' THEN '已办理' END AS outcome,
    CASE WHEN kind = 'review' THEN CASE WHEN draw_int('stars', id, 10) > 7 THEN 1 + draw_int('poor', id, 3) ELSE 4 + draw_int('good', id, 2) END END AS rating,
    due_on + INTERVAL 17 HOUR AS due_at,
    CASE WHEN status = 'closed' THEN closed_on + INTERVAL 16 HOUR + to_seconds(second % 3600) END AS closed_at,
    CASE WHEN kind IN ('complaint', 'request') AND status = 'closed' THEN closed_on <= due_on END AS is_timely,
    CASE WHEN kind = 'call' THEN 30 + draw_int('lasted', id, 600) END AS duration_seconds,
    NULL AS phone, '坐席' || lpad((1 + draw_int('agent', id, 40))::VARCHAR, 3, '0') AS agent,
    CASE WHEN kind = 'visit' THEN unit_id END AS unit_id
FROM stated
WHERE happened_on <= getvariable('to_on') AND (happened_on BETWEEN getvariable('from_on') AND getvariable('to_on')
    OR kind IN ('complaint', 'request') AND (closed_on BETWEEN getvariable('from_on') AND getvariable('to_on')
        OR happened_on + 2 BETWEEN getvariable('from_on') AND getvariable('to_on')))
ORDER BY id
