"""Versions, packages, the Procfile, nginx and certificates: what can be tried without starting Nearcast."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.setup import cluster, front_end, packages, processes, web_server
from deploy.setup.home import CHECKOUT
from deploy.setup.options import Options
from deploy.setup.say import RefusedError


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("v20.19.0\n", True),
        ("v20.18.3", False),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("v18.19.0", False),
        ("no node here", False),
    ],
)
def test_which_node_can_build(text, good):
    assert front_end.new_enough(front_end.parse_version(text)) is good


def test_the_one_line_starts_no_foreign_cluster_and_frees_port_80():
    text = packages.one_line(["postgresql-15", "postgresql-15-postgis-3", "nginx-light"])
    assert text.count("\n") == 0
    assert text.index("create_main_cluster = false") < text.index("apt-get install")
    assert "disable --now nginx" in text
    assert "postgresql" not in packages.one_line(["gdal-bin"])
    assert text.startswith(("sudo ", "su - root ")), "a plain su has no sbin folders on its PATH, and dpkg stops"


@pytest.mark.parametrize(("command", "browser"), [("up", False), ("test", True)])
def test_without_python_the_one_line_holds_all_that_the_command_takes(command, browser):
    if packages.wanted_postgres() != "15" or not Path("/etc/debian_version").exists():
        pytest.skip("the whole line is said on Debian 12 only")
    needs = packages.needs_of_up(private_cluster=True, python_ready=lambda: False)
    needs += packages.needs_of_test() if browser else []
    script = CHECKOUT / "deploy" / "setup" / "no_python.sh"
    done = subprocess.run(["sh", script, command, "line"], capture_output=True, text=True, check=False)
    line = next(row for row in done.stdout.splitlines() if row.startswith("  "))
    wanted = {need.package for need in needs} - ({"nginx-light"} if Path("/usr/sbin/nginx").exists() else set())
    said = line.split("--no-install-recommends ")[1].split(";")[0].rstrip("'").split()
    assert done.returncode == 1, "make must stop there"
    assert set(said) == {"python3", *wanted}
    assert line.strip().startswith(packages.one_line(["postgresql-15"]).split("apt-get install")[0])


def test_a_missing_package_is_seen_by_what_it_brings():
    needs = [packages.Need("here", lambda: True), packages.Need("gone", lambda: False)]
    assert packages.missing(needs) == ["gone"]


def test_a_cluster_of_another_version_is_named(home):
    (home.state / "pgdata").mkdir()
    (home.state / "pgdata" / "PG_VERSION").write_text("9\n")
    with pytest.raises(RefusedError, match=r"made by PostgreSQL 9, .* make reset"):
        cluster.Cluster(home).version()


def test_a_dead_server_s_number_worn_by_another_process_is_not_our_server(home):
    (home.state / "pgdata").mkdir()
    (home.state / "pgdata" / "postmaster.pid").write_text("1\n")
    assert not cluster.Cluster(home).running()


def test_another_instance_s_server_under_our_number_is_not_stopped_as_ours(home):
    data = home.state / "pgdata"
    data.mkdir()
    named = home.state / "postgres"  # a shell under that name: the kernel names a process after its file
    shutil.copy(shutil.which("sh"), named)
    for folder, ours in ((data, True), (home.state, False)):
        command = [named, "-c", "echo up; read line"]
        with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            assert server.stdout.readline() == b"up\n"
            (data / "postmaster.pid").write_text(f"{server.pid}\n")
            assert cluster.Cluster(home).running() is ours


@pytest.mark.parametrize("options", [Options(port=18443), Options(port=18443, bind="::1")])
def test_nginx_takes_what_we_render(home, options):
    web_server.write(home, options)
    assert "@" not in (home.state / "nginx" / "nginx.conf").read_text(), "a word of the template was not filled in"


def test_a_file_too_big_to_be_taken_is_refused_with_the_limit_of_files(home, monkeypatch):
    monkeypatch.setenv("IMPORT_MAX_MB", "20")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    web_server.start(home, Options(port=port))
    try:
        for path, limit in (("/admin/geo/importrun/send/", 20_000_000), ("/api/anything", 4 * 1024 * 1024)):
            desk = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            desk.putrequest("POST", path)
            desk.putheader("Content-Length", str(40 * 1024 * 1024))
            desk.endheaders()
            answer = desk.getresponse()
            said = json.loads(answer.read())["error"]
            assert (answer.status, said["code"], said["facts"]) == (413, "too_big", {"limit": limit})
            desk.close()
    finally:
        web_server.stop(home)


def test_nginx_takes_tls_with_our_own_certificate(home):
    options = Options(port=18443, tls=True, hosts=("desk.example",))
    folder = home.state / "tls"
    folder.mkdir()
    script = CHECKOUT / "deploy" / "setup" / "inside" / "make_certificates.py"
    command = [sys.executable, script, folder, "desk.example", "127.0.0.1"]
    first = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    again = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    wider = subprocess.run([*command, "::1"], capture_output=True, text=True, check=True).stdout
    assert ("made for" in first, again.strip(), "::1" in wider) == (True, "certificate still good", True)
    assert (folder / "ca.key").stat().st_mode & 0o777 == 0o600
    verify = [
        "openssl",
        "verify",
        "-CAfile",
        folder / "ca.crt",
        "-verify_hostname",
        "desk.example",
        folder / "server.crt",
    ]
    if shutil.which("openssl"):
        assert subprocess.run(verify, check=False, capture_output=True).returncode == 0
    web_server.write(home, options)


def test_a_folder_nginx_would_misread_is_refused():
    with pytest.raises(RefusedError, match="nginx cannot work under"):
        web_server.render("@STATE@", {"STATE": "/srv/a;b"})


def test_the_procfile_quotes_and_leaves_the_demo_out(home):
    spaced = replace(home, sockets=Path("/srv/my city/run"))
    text = processes.procfile(spaced, Options(demo=False), Path("/srv/my city/.venv"), cameras=False)
    assert [row.split(":")[0] for row in text.splitlines()] == ["web", "intake", "ranker", "worker", "outlets"]
    assert "'/srv/my city/run/web.sock'" in text


def test_one_url_gives_the_application_a_role_of_its_own(home):
    options = Options(database_url="postgresql://boss:pw@db.example:5433/city?sslmode=require&user=boss")
    found = processes.database_environment(home, options)
    assert found["DATABASE_OWNER_URL"] == options.database_url
    assert found["NEARCAST_DB_USER"] == "city_app"
    assert found["DATABASE_URL"].startswith("postgresql://city_app:")
    assert found["DATABASE_URL"].endswith("@db.example:5433/city?sslmode=require")
    assert processes.database_environment(home, options) == found


def test_a_kept_process_is_started_again_and_its_stale_socket_removed(tmp_path):
    socket, lock, marks = tmp_path / "s.sock", tmp_path / "s.sock.lock", tmp_path / "marks"
    socket.touch()
    lock.symlink_to("1")  # as daphne's: a process id, and that one lives
    script = f"test -e {socket} -o -L {lock} && echo stale >> {marks} || echo fresh >> {marks}; ln -s 1 {lock}; touch {socket}"
    keep = [sys.executable, CHECKOUT / "deploy" / "setup" / "keep.py", "x", "--fresh-socket", socket, "--"]
    process = subprocess.Popen([*keep, "/bin/sh", "-c", script], stdout=subprocess.PIPE, text=True)
    until = time.monotonic() + 15
    while time.monotonic() < until and (not marks.exists() or marks.read_text().count("\n") < 2):
        time.sleep(0.05)
    process.terminate()
    said = process.communicate(timeout=10)[0]
    assert set(marks.read_text().split()) == {"fresh"}
    assert "x ended with status 0; starting it again in 1 s" in said
    assert process.returncode == 0
