"""``python -m stnet.training.smaller_text --out data/pretrained/minilm-small``: words in a few MB.

Keeps every second layer and the commonest word pieces of a BERT that embeds sentences, then teaches the rest
to give the sentence vectors of the whole one (cosine, and the similarities within a batch).
"""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from tqdm import tqdm  # type: ignore[import-untyped]
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

from stnet.command_line import exit_code
from stnet.data.categories import load_split
from stnet.data.photos import Photo, load_photos
from stnet.data.words.captions import text_without_name
from stnet.data.words.wording import corpus
from stnet.model.towers.text import mean_pooled

PIECES, CONTEXT, LAYERS = 5_600, 32, (0, 2, 4)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
FIRST_WORD = 1_996  # of BERT's English vocabulary; before it are single characters and unused entries
BATCH, TEMPERATURE = 64, 0.1
COMPOSED = 3_500  # texts about composed scenes, beside the captions


def training_texts(photos: Sequence[Photo]) -> list[str]:
    """Captions, captions without a name, texts about composed scenes, and names; of photos for training."""
    trained = [photo for photo in photos if not photo.held_out]
    captions = [caption for photo in trained for caption in photo.captions]
    masked = [
        text_without_name(caption, photo.objects[0].category)
        for photo in trained
        for caption in (photo.captions[:2] if photo.objects else ())
    ]
    split = load_split()
    names = {*split.names, *(label for photo in trained for label in photo.labels)}
    names |= {entry.category for photo in trained for entry in photo.objects}
    named = [text for name in sorted(names) for text in (name, f"a photo of a {name}")]
    composed = list(corpus(split, np.random.default_rng(0), COMPOSED))
    return [*captions, *(text for text in masked if text), *composed, *named]


def kept_pieces(vocabulary: dict[str, int], used: set[int], count: int) -> list[str]:
    """The special tokens, single letters, what the texts use, and the commonest English pieces up to `count`.

    Raises:
        ValueError: if more than `count` must be kept.
    """
    order = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    kept = {
        piece
        for piece in order
        if piece in SPECIAL
        or vocabulary[piece] in used
        or (len(piece.removeprefix("##")) == 1 and piece.isascii())
    }
    if len(kept) > count:
        raise ValueError(f"the texts alone need {len(kept)} word pieces, more than the {count} asked for")
    for piece in order:
        if len(kept) == count:
            break
        if vocabulary[piece] >= FIRST_WORD and piece.isascii():
            kept.add(piece)
    return [piece for piece in order if piece in kept]


def smaller_tokenizer(described: dict[str, Any], kept: Sequence[str]) -> PreTrainedTokenizerFast:
    """The tokenizer of a tokenizer.json with these word pieces alone, numbered anew."""
    described = json.loads(json.dumps(described))
    numbers = {piece: number for number, piece in enumerate(kept)}
    described["model"]["vocab"] = numbers
    for added in described["added_tokens"]:
        added["id"] = numbers[added["content"]]
    closing = described["post_processor"]
    for special in closing.get("special_tokens", {}).values():
        special["ids"] = [numbers[token] for token in special["tokens"]]
    for part in ("cls", "sep"):
        if part in closing:
            closing[part][1] = numbers[closing[part][0]]
    described["truncation"] = described["padding"] = None
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(described)),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        model_max_length=CONTEXT,
    )


def smaller_encoder(whole: BertModel, rows: Sequence[int], padding: int, layers: Sequence[int]) -> BertModel:
    """The encoder with these rows of its word embeddings, these layers, and CONTEXT positions."""
    fields = whole.config.to_diff_dict() | {
        "vocab_size": len(rows),
        "num_hidden_layers": len(layers),
        "max_position_embeddings": CONTEXT,
        "pad_token_id": padding,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    for name in ("architectures", "transformers_version", "dtype", "model_type"):
        fields.pop(name, None)
    small = BertModel(BertConfig(**fields), add_pooling_layer=False)
    weights, taken = whole.state_dict(), {}
    for name, own in small.state_dict().items():
        source = name
        if name.startswith("encoder.layer."):
            number, rest = name.removeprefix("encoder.layer.").split(".", 1)
            source = f"encoder.layer.{layers[int(number)]}.{rest}"
        value = weights.get(source, own)
        if name == "embeddings.word_embeddings.weight":
            value = value[list(rows)]
        taken[name] = value[:CONTEXT] if name == "embeddings.position_embeddings.weight" else value
    small.load_state_dict(taken)
    return small


def embed(encoder: BertModel, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str]) -> Tensor:
    """Sentence vectors: (B, hidden)"""
    batch = tokenizer(list(texts), padding=True, truncation=True, max_length=CONTEXT, return_tensors="pt")
    hidden = encoder(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    return mean_pooled(hidden, batch["attention_mask"])


def teach(
    small: BertModel,
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[str],
    vectors: Tensor,
    steps: int,
    learning_rate: float = 4e-4,
) -> None:
    """Train `small` for so many steps to embed texts[i] as vectors[i]."""
    rng, target = np.random.default_rng(0), F.normalize(vectors, dim=-1)
    optimizer = torch.optim.AdamW(small.parameters(), lr=learning_rate, weight_decay=0.01)
    small.train()
    for step in tqdm(range(steps), desc="pupil", mininterval=5):
        progress = step / steps
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * min(1.0, (step + 1) / 30) * 0.5 * (1 + math.cos(math.pi * progress))
        chosen = rng.integers(len(texts), size=4 * BATCH)
        chosen = chosen[np.argsort([len(texts[number]) for number in chosen])]  # little padding
        start = int(rng.integers(4)) * BATCH
        numbers = chosen[start : start + BATCH]
        own = F.normalize(embed(small, tokenizer, [texts[number] for number in numbers]), dim=-1)
        wanted = target[torch.from_numpy(numbers)]
        alike = F.kl_div(
            (own @ own.T / TEMPERATURE).log_softmax(-1),
            (wanted @ wanted.T / TEMPERATURE).softmax(-1),
            reduction="batchmean",
        )
        loss = (1 - (own * wanted).sum(-1)).mean() + 0.5 * alike
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    small.eval()


@torch.inference_mode()
def _vectors(encoder: BertModel, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str]) -> Tensor:
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    vectors = torch.empty(len(texts), encoder.config.hidden_size)
    for start in tqdm(range(0, len(order), BATCH), desc="teacher", mininterval=5):
        numbers = order[start : start + BATCH]
        vectors[numbers] = embed(encoder, tokenizer, [texts[number] for number in numbers])
    return vectors.clone()


@torch.inference_mode()
def first_hits(encoder: BertModel, tokenizer: PreTrainedTokenizerFast, photos: Sequence[Photo]) -> float:
    """R@1 in per cent: a held-out photo's first caption among all these photos' second ones."""
    pairs = [photo.captions[:2] for photo in photos if photo.held_out and len(photo.captions) > 1]
    if not pairs:
        return math.nan
    first, second = (
        F.normalize(embed(encoder, tokenizer, [pair[number] for pair in pairs]), dim=-1) for number in (0, 1)
    )
    hits = (first @ second.T).argmax(1) == torch.arange(len(pairs))
    return 100 * hits.float().mean().item()


def run(source: Path, photos_folder: Path, out: Path, steps: int) -> str:
    """Write the small encoder and its tokenizer; what to print.

    Raises:
        ValueError, OSError: if the encoder or the photos can't be read.
    """
    torch.manual_seed(0)
    photos = load_photos(photos_folder)
    texts = training_texts(photos)
    tokenizer = AutoTokenizer.from_pretrained(source)
    whole = AutoModel.from_pretrained(source, use_safetensors=True, dtype=torch.float32).eval()
    described = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary = described["model"]["vocab"]
    used = {number for ids in tokenizer(texts, truncation=True)["input_ids"] for number in ids}
    kept = kept_pieces(vocabulary, used, PIECES)
    small_tokenizer = smaller_tokenizer(described, kept)
    padding = small_tokenizer.pad_token_id
    small = smaller_encoder(whole, [vocabulary[piece] for piece in kept], padding, LAYERS)
    teach(small, small_tokenizer, texts, _vectors(whole, tokenizer, texts), steps)
    small.save_pretrained(out)
    small_tokenizer.save_pretrained(out)
    before, after = (first_hits(*pair, photos) for pair in ((whole, tokenizer), (small, small_tokenizer)))
    parameters = sum(part.numel() for part in small.parameters())
    return (
        f"{out}: {parameters / 1e6:.1f} M parameters; a held-out photo's other caption first: "
        f"{after:.1f} %, {before:.1f} % by the whole encoder"
    )


def main(arguments: Iterable[str] | None = None) -> int:
    """Exit code 0, or 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m stnet.training.smaller_text", description=__doc__)
    parser.add_argument("--source", type=Path, default=Path("data/pretrained/minilm"), help="whole encoder")
    parser.add_argument("--photos", type=Path, default=Path("data/photos"), help="photos with captions")
    parser.add_argument("--out", type=Path, default=Path("data/pretrained/minilm-small"), help="to write to")
    parser.add_argument("--steps", type=int, default=800, help="batches of 64 texts to learn from")
    options = parser.parse_args(None if arguments is None else list(arguments))
    return exit_code(lambda: print(run(options.source, options.photos, options.out, options.steps)))


if __name__ == "__main__":
    raise SystemExit(main())
