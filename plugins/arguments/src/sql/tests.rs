//! What is an injection in a value, what is dangerous in a statement, and what is neither.

use super::{judge_statement, judge_value};
use crate::testing::{finds, finds_first, spares};

#[test]
fn an_injection_in_a_value_is_found() {
    finds_first(
        judge_value,
        &[
            ("1 OR 1=1", "injected-sql-tautology"),
            ("x' or 'a'='a", "injected-sql-tautology"),
            ("x\" or \"a\"=\"a", "injected-sql-tautology"),
            ("1) or (1=1", "injected-sql-tautology"),
            ("1 or 1 --", "injected-sql-tautology"),
            ("1 && 2>1", "injected-sql-tautology"),
            ("7 UNION ALL SELECT NULL,NULL", "injected-sql-union"),
            ("7 UN/**/ION/**/SELECT/**/1,2", ""),
            ("7 UNION/**/SELECT/**/1,2", "injected-sql-union"),
            ("1e0UNION SELECT 1,2", "injected-sql-union"),
            ("x'; DROP TABLE users", "injected-sql-stacked"),
            ("1; EXEC xp_cmdshell 'dir'", "injected-sql-stacked"),
            ("select login from accounts", "injected-sql-statement"),
            ("1 and (select count(*) from t) > 0", "injected-sql-subquery"),
            ("admin'--", "injected-sql-truncation"),
            ("admin') -- -", "injected-sql-truncation"),
            ("' || pg_name() || '", "injected-sql-breakout"),
            ("x' and y = 'z", "injected-sql-breakout"),
            ("1 and sleep(5)", "injected-sql-function"),
            ("1;waitfor delay '0:0:5'", "injected-sql-stacked"),
            ("x' and updatexml(1,concat(0x7e,version()),1)", "injected-sql-function"),
            ("1 into outfile '/tmp/x'", "injected-sql-function"),
            ("x, information_schema.tables", "injected-sql-catalogue"),
            ("1 and @@version", "injected-sql-catalogue"),
            ("1' order by 3", "injected-sql-probe"),
            ("1 /*!50000union*/ all", "injected-sql-probe"),
            ("x\\' or 1=1", "injected-sql-tautology"),
        ],
    );
}

#[test]
fn an_ordinary_value_is_not_reported() {
    spares(
        judge_value,
        &[
            "O'Brien",
            "D'Angelo & O'Neil",
            "Rock 'n' Roll",
            "5' 10\"",
            "14\" x 22\"",
            "5' or 6'",
            "1 or 2",
            "Union Select Committee",
            "select one",
            "drop the table",
            "AT&T",
            "C#",
            "F# minor",
            "well--known",
            "a -- b",
            "status = 'open' and type = 'bug'",
            "price > 10 and price < 20",
            "name eq 'Anna' or age ge 30",
            "(select)",
            "insert coin",
            "update pending",
            "or",
            "--verbose",
            "created_at DESC, id ASC",
            "order by name",
            "Executive summary",
            "exec summary",
            "delete from cart button",
            "100%",
            "SELECT",
            "user@example.com",
            "grant application",
            "2023-01-02",
            "a;b;c",
            "x = 1",
            "like",
            "and/or",
            "[redacted:sql-injection]",
            "<EMAIL_1>",
            "\"quoted phrase\" and more",
            "'90s and '80s",
            "it's like 'that'",
            "Table for two; create memories",
            "Create a table for two",
            "Sleep (2014)",
            "1,2,3",
            "/* */",
            "#hashtag",
            "it's #1",
        ],
    );
}

#[test]
fn a_dangerous_statement_is_found() {
    finds(
        judge_statement,
        &[
            ("SELECT * FROM t WHERE id = 1 OR 1=1", "sql-tautology"),
            ("SELECT * FROM t WHERE a = 'x' OR 'a' = 'a'", "sql-tautology"),
            ("SELECT * FROM t WHERE a = 1 OR TRUE", "sql-tautology"),
            ("SELECT name FROM t UNION SELECT table_name FROM information_schema.tables", "sql-union"),
            ("SELECT a, b, c FROM t WHERE id = 1 UNION SELECT NULL, NULL, version()", "sql-union"),
            ("SELECT 1 FROM t; DELETE FROM users WHERE id = 1", "sql-stacked"),
            ("SELECT * FROM u WHERE n = 'admin' -- ' AND p = 'x'", "sql-truncation"),
            ("SELECT pg_sleep(10)", "sql-delay"),
            ("SELECT 1 WAITFOR DELAY '0:0:10'", "sql-delay"),
            ("EXEC master..xp_cmdshell 'dir'", "sql-outside"),
            ("SELECT load_file('/etc/passwd')", "sql-outside"),
            ("SELECT * FROM t INTO OUTFILE '/var/www/x.php'", "sql-outside"),
            ("COPY t FROM PROGRAM 'id'", "sql-outside"),
            ("COPY t TO '/tmp/x'", "sql-outside"),
            ("ATTACH DATABASE '/x.db' AS y", "sql-outside"),
            ("DROP TABLE users", "sql-drop"),
            ("drop/**/table users", "sql-drop"),
            ("TRUNCATE TABLE users", "sql-drop"),
            ("GRANT ALL ON t TO bob", "sql-grant"),
            ("ALTER USER bob WITH SUPERUSER", "sql-grant"),
            ("CREATE TABLE t (id int)", "sql-schema-change"),
            ("DELETE FROM users", "sql-unbounded-write"),
            ("UPDATE users SET a = 1", "sql-unbounded-write"),
            ("DELETE FROM users WHERE 1=1", "sql-unbounded-write"),
        ],
    );
}

#[test]
fn an_ordinary_statement_is_not_reported() {
    spares(
        judge_statement,
        &[
            "SELECT a.x, b.y FROM a JOIN b ON a.id = b.id WHERE a.z = 'DROP TABLE t' AND b.w > 3 GROUP BY 1 ORDER BY 2 DESC LIMIT 10",
            "SELECT * FROM t WHERE 1=1 AND x = 2",
            "SELECT name FROM a UNION SELECT name FROM b",
            "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "INSERT INTO t (a, b) VALUES (1, 'it''s')",
            "UPDATE t SET a = 1 WHERE id = 3",
            "DELETE FROM t WHERE id IN (SELECT id FROM old)",
            "BEGIN; UPDATE t SET a = 1 WHERE id = 2; COMMIT;",
            "-- Bob's orders\nSELECT * FROM orders",
            "SELECT * FROM t WHERE a = 'x' OR b = 'x'",
            "SELECT hex(randomblob(16))",
            "SELECT data #>> '{a,b}' FROM t",
            "CREATE TEMP TABLE x AS SELECT 1",
            "SELECT count(*) FROM t WHERE name LIKE '%;%'",
            "COPY t FROM STDIN",
            "SELECT replace(a, 'x', 'y') FROM t",
            "SHOW TABLES; SELECT 1",
            "SELECT $1::text, :name, ?",
            "",
        ],
    );
}
