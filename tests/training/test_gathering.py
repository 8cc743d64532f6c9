"""Two processes that gather each other's pictures against one that has them all: the same gradient."""

import subprocess
import sys
from pathlib import Path

import torch

from stnet.training.gathering import gather, process_number
from stnet.training.losses import contrastive

PROGRAM = """
import sys
import torch
from stnet.training.losses import contrastive
from stnet.training.gathering import gather, process_number

torch.distributed.init_process_group("gloo")
data = torch.load(sys.argv[1], weights_only=True)
half = slice(process_number() * 2, process_number() * 2 + 2)
weight = data["weight"].requires_grad_()
queries, pictures = data["queries"][half] @ weight, gather(data["pictures"][half] @ weight)
own = torch.zeros(2, 4, dtype=torch.bool)
own[torch.arange(2), torch.arange(2) + process_number() * 2] = True
loss = -((queries @ pictures.T).log_softmax(-1) * own).sum() / 2
loss.backward()
torch.distributed.all_reduce(weight.grad)
if process_number() == 0:
    torch.save(weight.grad / 2, sys.argv[2])
torch.distributed.destroy_process_group()
"""


def test_two_processes_get_the_gradient_of_one(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    shapes = {"queries": (4, 5), "pictures": (4, 5), "weight": (5, 3)}
    data = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    torch.save(data, tmp_path / "data.pt")
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    subprocess.run(
        [*command, tmp_path / "program.py", tmp_path / "data.pt", tmp_path / "gradient.pt"],
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
        timeout=300,
    )
    weight = data["weight"].requires_grad_()
    scores = (data["queries"] @ weight) @ (data["pictures"] @ weight).T
    (-scores.log_softmax(-1).diagonal().mean()).backward()
    gathered = torch.load(tmp_path / "gradient.pt", weights_only=True)
    torch.testing.assert_close(gathered, weight.grad)


def test_alone_nothing_is_gathered() -> None:
    rows = torch.randn(3, 2, requires_grad=True)
    assert gather(rows) is rows and process_number() == 0
    assert torch.isfinite(contrastive(rows @ rows.T, torch.eye(3, dtype=torch.bool)))
