"""What test_two_processes runs on one process and, as a program, on two: the same batches, shared out."""

import os
import sys
from dataclasses import fields, replace
from pathlib import Path

import torch
from transformers import CLIPVisionConfig

from stnet.model.modeling import STNetModel
from stnet.model.processing import STNetProcessor
from stnet.training.batches.batch import PictureBatch, QueryBatch
from stnet.training.config import RunError
from stnet.training.loop import Trainer
from stnet.training.stages.joint import JointStage
from stnet.training.tokenizer import train_tokenizer
from tests.conftest import TEXTS, tiny_config
from tests.training.shapes import SPLIT, run_config

PICTURES = 4
WEIGHTS = {"contrastive": 1.0, "words": 0.5, "sketch": 0.3, "candidates": 0.7}


def rows_of(batch, rows):
    """The batch with some rows of every tensor, and all of its pictures."""
    left = ("pictures", "captions", "sketch_rows")
    names = [e.name for e in fields(batch) if e.name not in left and getattr(batch, e.name) is not None]
    return replace(batch, **{name: getattr(batch, name)[rows].clone() for name in names})


def share_of(batch, process, processes):
    """One process's pictures of a batch, and the queries that ask for them."""
    size = PICTURES // processes
    mine = slice(process * size, process * size + size)
    asked = (batch.query_image >= mine.start) & (batch.query_image < mine.stop)
    share = rows_of(batch, asked)
    return replace(
        share,
        pictures=rows_of(batch.pictures, mine),
        query_image=share.query_image - mine.start,
        answers=share.answers[:, mine],
        described=share.described[:, mine],
    )


def written(batches, path):
    """Write batches as tensors by name."""
    plain = [{**vars(batch), "pictures": vars(batch.pictures)} for batch in batches]
    torch.save(plain, path)


def read(path):
    """The batches of `written`."""
    plain = torch.load(path, weights_only=True)
    return [QueryBatch(**{**batch, "pictures": PictureBatch(**batch["pictures"])}) for batch in plain]


class SharedStage(JointStage):
    """The joint stage on batches from a file; the processes share each of them."""

    def batches(self, process, first):
        batches = read(Path(self.config.output).parent / "batches.pt")
        processes = int(os.environ.get("WORLD_SIZE", "1"))
        return iter([share_of(batch, process, processes) for batch in batches[first:]])

    def set_progress(self, progress):
        pass


def tiny_clip():
    """A model whose towers are CLIP's: without batch norms a batch's parts are worth the whole."""
    torch.manual_seed(0)
    tower = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    image = CLIPVisionConfig(image_size=64, patch_size=16, **tower)
    config = tiny_config(image_config=image, categories=list(SPLIT.seen))
    return STNetModel(config), STNetProcessor.for_config(config, train_tokenizer(TEXTS, vocabulary=400))


def trainer(output, steps):
    """The run in `output`, its batches beside that folder."""
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    settings = {"steps": steps, "weights": WEIGHTS, "learning_rate": 0.003, "warmup": 0.0}
    config = run_config(output, batch_size=PICTURES // processes, **settings)
    model, processor = tiny_clip()
    return Trainer(SharedStage(model, processor, config, source=None), config)


def main(folder, steps):
    """Train; then go on from folders of which only the main process's knows the run."""
    trainer(folder / "two", steps).run()
    rank = int(os.environ["RANK"])
    try:
        trainer(folder / ("two" if rank == 0 else "elsewhere"), steps + 1)
    except RunError as error:
        (folder / f"refused-{rank}").write_text(str(error))
    torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
