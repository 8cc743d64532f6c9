"""The small models' own tokenizer: byte-level BPE, lower case, trained on the composed scenes' texts."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

# ids 0 to 3; <eos> must not be 2, which CLIP's text tower reads as "pool at the largest id"
SPECIAL_TOKENS = ("<pad>", "<bos>", "<unk>", "<eos>")


def train_tokenizer(
    texts: Iterable[str], *, vocabulary: int = 2_048, context: int = 32
) -> PreTrainedTokenizerFast:
    """Learn a vocabulary from `texts`; any other text still works, byte by byte at worst.

    Args:
        vocabulary: most tokens, the 256 bytes and the special ones included.
        context: tokens a text is cut to, <bos> and <eos> included.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL_TOKENS),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>", special_tokens=[("<bos>", 1), ("<eos>", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        bos_token="<bos>",
        unk_token="<unk>",
        eos_token="<eos>",
        model_max_length=context,
    )
