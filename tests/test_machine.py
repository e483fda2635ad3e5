import socket

import pytest

from knowledge.machine import LOOPBACK, available_memory, find_ports

GB = 1_000_000_000


@pytest.fixture
def machine(tmp_path):
    """A machine with 8 GB left, whose process is in the group /services/allo."""
    files = {
        "proc/meminfo": f"MemTotal: 16000000 kB\nMemAvailable:   {8 * GB // 1024} kB\n",
        "proc/self/cgroup": "0::/services/allo\n",
    }

    def build(groups):
        for group, (limit, taken, given_back) in groups.items():
            folder = f"sys/fs/cgroup/{group}".rstrip("/")
            files.update(
                {
                    f"{folder}/memory.max": f"{limit}\n",
                    f"{folder}/memory.current": f"{taken}\n",
                    f"{folder}/memory.stat": f"anon 12\ninactive_file {given_back}\nactive_file 5\n",
                }
            )
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return build


@pytest.mark.parametrize(
    ("groups", "left"),
    [
        pytest.param({}, 8, id="no-group"),
        pytest.param({"services/allo": ("max", GB, 0)}, 8, id="a-group-without-a-limit"),
        pytest.param({"services/allo": (2 * GB, GB, 0)}, 1, id="a-service-with-a-limit"),
        pytest.param({"services/allo": (3 * GB, 2 * GB, GB)}, 2, id="files-that-can-be-given-back"),
        pytest.param({"services/allo": ("max", GB, 0), "services": (4 * GB, GB, 0)}, 3, id="a-limit-above"),
        pytest.param({"": (5 * GB, GB, 0)}, 4, id="a-container"),
        pytest.param({"services/allo": (GB, 2 * GB, 0)}, 0, id="more-than-the-limit"),
        pytest.param({"services/allo": (99 * GB, GB, 0)}, 8, id="a-limit-larger-than-the-machine"),
    ],
)
def test_what_is_left_is_the_least_of_the_machine_and_of_each_group(machine, groups, left):
    assert available_memory(machine(groups)) == pytest.approx(left * GB, abs=1024)


def test_this_machine_has_some_left():
    assert available_memory() > 0


def test_nothing_is_known_where_nothing_is_said(tmp_path):
    assert available_memory(tmp_path) == 0


def test_ports_are_free_and_each_another_one():
    ports = find_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        with socket.socket() as server:
            server.bind((LOOPBACK, port))
