"""Typed numbers in constructions that papers use, each beside its near misses."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.mentions.quantities import find_quantities
from pipelines.mentions.quantity_trigger import QUANTITY_TRIGGER
from pipelines.mentions.spans import Quantity

B, M, K = 1e9, 1e6, 1e3


def values(text: str, kind: str) -> list[float]:
    """Return the distinct values of one kind, in the order of their first place."""
    found, _ = find_quantities(text, "abstract")
    return list(dict.fromkeys(q.value for q in found if q.kind == kind))


def only(text: str) -> Quantity:
    """Return the one quantity of `text`."""
    (quantity,) = find_quantities(text, "abstract")[0]
    return quantity


def reasons(text: str) -> set[str]:
    """Return why the look-alikes of `text` were refused."""
    return {r.reason for r in find_quantities(text, "abstract")[1]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We prune models of 0.5B-32B.", [0.5 * B, 32 * B]),
        ("Sizes run over 10B--40B parameters.", [10 * B, 40 * B]),
        ("The suite spans 345M–11B parameters.", [345 * M, 11 * B]),
        ("Backbones of 1B−8B are compared.", [1 * B, 8 * B]),
        ("Models from 7 to 70 billion parameters agree.", [7 * B, 70 * B]),
        ("We test 7B, 13B and 70B models.", [7 * B, 13 * B, 70 * B]),
        ("It holds at 7-13B and above.", [7 * B, 13 * B]),
        ("A 110M DistilBERT beats every router.", [110 * M]),
        ("We fine-tune a 22B text-to-video diffusion model.", [22 * B]),
        ("We test it in a CNN (0.7M) and a Vision Transformer (0.95M).", [0.7 * M, 0.95 * M]),
        ("It holds for interaction-style models such as ColQuux and ColZonk-500M.", [500 * M]),
        ("We compare two model sizes (Base: 110M, Large: 335M parameters).", [110 * M, 335 * M]),
        ("We tune only 5.7% of the total parameters (6.7M/117M).", [117 * M]),
        ("Our 9M parameter model stands between Quux-3-5M and Quux-3-23M.", [9 * M, 5 * M, 23 * M]),
        (
            "It beats an LSTM (25.9k-89.1k parameters), a WaveNet (167k) and a network (11.5k).",
            [25.9 * K, 89.1 * K, 167 * K, 11.5 * K],
        ),
        ("Checkpoints of 7, 13, and 70B are scored.", [7 * B, 13 * B, 70 * B]),
        ("OPT at 1.3/2.7/6.7B is slower.", [1.3 * B, 2.7 * B, 6.7 * B]),
        ("Falcon-7/40/180B are probed.", [7 * B, 40 * B, 180 * B]),
        ("Mixtral 8x7B answers.", [56 * B]),
        ("Mixtral 8*7B answers.", [56 * B]),
        ("Three families (GPT-2 124M, GPT-J 6B) are sped up.", [124 * M, 6 * B]),
        ("It has 30 billion total parameters of which only 3 billion are activated.", [30 * B, 3 * B]),
        ("Mixtral 8$\\times$22B answers.", [176 * B]),
        ("A Mixtral-8×7B student answers.", [56 * B]),
        ("CodeLLaMA-2-7B is tuned.", [7 * B]),
        ("Qwen2.5-VL-72B-Instruct judges.", [72 * B]),
        ("T5-XXL (11B) translates.", [11 * B]),
        ("LLaMA-7b and OPT-1.3b disagree.", [7 * B, 1.3 * B]),
        ("GPT-J-6B writes.", [6 * B]),
        ("Phi-3-mini-3.8B reads.", [3.8 * B]),
        ("Llama 3.1 8B listens.", [8 * B]),
        ("BERT-base (110M) is distilled.", [110 * M]),
        ("OPT-350M is steered.", [350 * M]),
        ("A network with half a trillion parameters fits.", [0.5e12]),
        ("An encoder with 560 million parameters fits.", [560 * M]),
        ("It has a billion parameters.", [1 * B]),
        ("It has seven billion parameters.", [7 * B]),
        ("A 175 billion-parameter model is served.", [175 * B]),
        ("A 0.5-billion parameter model is served.", [0.5 * B]),
        ("It counts 2.7 B parameters.", [2.7 * B]),
        ("It counts 1.3b parameters.", [1.3 * B]),
        ("A sparse model holds 10^{9} parameters.", [1 * B]),
        ("A sparse model holds 10⁹ parameters.", [1 * B]),
        ("A probe of 50\\,000 parameters suffices.", [50 * K]),
        ("A 7~B-parameter model is served.", [7 * B]),
        ("Qwen3-235B-A22B routes tokens.", [235 * B, 22 * B]),
        ("A model of 30B parameters with 3B activated parameters routes.", [30 * B, 3 * B]),
        ("It grows from 1.5 billion parameters in one model to 175 billion in the next.", [1.5 * B, 175 * B]),
        ("A ViT-Base (86M) and a detector with 5.7M parameters.", [86 * M, 5.7 * M]),
        ("Llama-2-{7b,13b} are merged.", [7 * B, 13 * B]),
        ("The Quux2-70B's answers are graded.", [70 * B]),
        ("Two models (3B+4B) debate.", [3 * B, 4 * B]),
        ("The model gains most at 160M scale.", [160 * M]),
        ("LoRA tunes it. On images a small Quuxlet (0.9M parameters) does as well.", [0.9 * M]),
        ("A single 355M-parameter fine-tuned model wins.", [355 * M]),
        ("We present Quux, a seven billion-parameter model.", [7 * B]),
        ("A one-billion-parameter Quux model is served.", [1 * B]),
        ("A twenty-one billion parameter model is served.", [21 * B]),
        ("Small language models ($\\leq1.5\\text{B}$) are trained.", [1.5 * B]),
        ("A $300\\mathrm{M}\\to857\\mathrm{M}$ transformer grows.", [300 * M, 857 * M]),
        ("Word errors fall from Tiny (39M) to Small (244M) models.", [39 * M, 244 * M]),
        ("With GPT-2 Small (117M) it wins.", [117 * M]),
        ("Gains are 27 points for Qwen2.5 1.5B, 10 for BERT 110M by our test.", [1.5 * B, 110 * M]),
        ("With 17M trainable parameters against some 12B frozen, it wins.", [12 * B]),
        ("We tune Quux, a light (0.4M parameters) pre-trained transformer, by LoRA.", [0.4 * M]),
        ("It does as well as LoRA-finetuned 7B text judges.", [7 * B]),
        ("It is built upon a 22B video foundation model.", [22 * B]),
        (
            "Of our models the smallest has 70 million and the largest over 16 billion parameters.",
            [70 * M, 16 * B],
        ),
        ("Tales that OPT (small) with about 125M rarely tells are told by ours.", [125 * M]),
        ("Quuxal-150M: A Language Model for Hills", [150 * M]),
        ("Quuxal6B: a large language model for hills.", [6 * B]),
    ],
)
def test_reads_model_sizes(text: str, expected: list[float]) -> None:
    """Every way in which a text states a count of model parameters gives that count."""
    assert values(text, "model_size") == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "It has billions of parameters and a trillion uses.",
        "Trained on 5M training examples and 10M videos.",
        "We collect 100K images, 2.5B image-text pairs and 3 million users.",
        "The grant was \\$3 million and the budget $2B.",
        "It needs 300M FLOPs and 500M MACs.",
        "The cluster has 24GB cards and 8TB disks.",
        "On BioASQ Task 7b and Phase 2B we are second.",
        "Losses of CDKN2A/2B were typed.",
        "It runs on a Raspberry Pi 4B beside an Ascend 910B.",
        "A 3D scene at 4K resolution takes 300K GPU hours on an RTX 4090.",
        "As shown by Someone et al. (2020b).",
        "We train on LAION-5B, SA-1B and MovieLens-20M.",
        "HowTo100M and Tex80M are large.",
        "We introduce Quux-1M, a large dataset of rallies.",
        "Text-to-motion (T2M) and PHOENIX14T are older.",
        "The commit 7b3f is broken, see https://example.org/x-7B/readme.",
        "It saves 20M fewer parameters than before.",
        "It has 12 billion rows and speaks to 1.2B people.",
        "Models count to 1 million.",
        "Quasars above $10^{9}\\,M_\\odot$ are rare.",
        "C$^3$B is a benchmark.",
        "The training hours (1M) were logged.",
        "LLaMA 1 & 2 are compared in Table 3.",
        "We tune 16x fewer parameters.",
        "Algorithm 1b and Lemma 2B bound it, as in [ABC+20b].",
        "It scales to a 20M-scale setting of files.",
        "Ours needs 100K pairs where others are trained with 2.9M ones.",
        "It cuts the parameters of the model by 4M.",
        "Agents read 1M Context Windows.",
        "Our cut removes up to 2 billion parameters from the model.",
        "It slashes active parameters of the model (~2B cut).",
        "Qwen2.5-1M models are read out.",
        "Quuxal-1M reads 1 million tokens of its model's history.",
        "Quuxal-150M: A Corpus for Models",
    ],
)
def test_refuses_what_only_looks_like_a_size(text: str) -> None:
    """Counts of data, money, hardware, labels, names and years are no model sizes."""
    assert values(text, "model_size") == []


def test_versions_of_a_family_do_not_become_sizes() -> None:
    """The numbers after a family's name stay versions beside a real size."""
    assert values("Instruction-tuned models (LLaMA 1 & 2, 7B & 13B version) win.", "model_size") == [
        7 * B,
        13 * B,
    ]
    assert values("LLaMA 2-7B and Llama-3.1-8B win.", "model_size") == [7 * B, 8 * B]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It needs only 14M tunable parameters.", [14 * M]),
        ("With 0.99M trainable parameters it wins.", [0.99 * M]),
        ("We learn 1{,}000 trainable parameters.", [1000]),
        ("It introduces 1.2M learnable parameters on LLaMA-7B.", [1.2 * M]),
        ("Our method trains only 600K parameters.", [600 * K]),
        ("LoRA needs 4.7M trainable parameters whereas prefixes need 0.36M.", [4.7 * M, 0.36 * M]),
        ("Adapters store 12K parameters per user.", [12 * K]),
        ("As few as 13 trained parameters suffice.", [13]),
        ("A linear map of 2.1M params between them is trained.", [2.1 * M]),
        ("Only 4.7 million (0.07%) of the parameters are trained.", [4.7 * M]),
        ("The model has 8 billion parameters, of which 40 million are trainable.", [40 * M]),
        ("It adds approximately 2 million (2M) additional parameters.", [2 * M]),
        ("Trainable parameters fall (from 5.2M to just 82K).", [5.2 * M, 82 * K]),
        ("LoRA adapters (rank 8, ~1.1M parameters) are tuned.", [1.1 * M]),
        ("LoRA is too large. A probe of 6,000 parameters is enough.", [6000]),
        ("Mid-sized adapters (40M parameters) are best.", [40 * M]),
        ("A LoRA on the query weights (7.67M parameters) is enough.", [7.67 * M]),
        ("It trains only a 16.4M-parameter connector between frozen towers.", [16.4 * M]),
        ("Only a small 1.7M-parameter projection module is trained.", [1.7 * M]),
        ("It wins while updating just 1.8% (11.7M) of its parameters.", [11.7 * M]),
        ("We tune only 5.7% of the total parameters (6.7M/117M).", [6.7 * M]),
        ("It trains 5.2% of model parameters ($\\sim$4.9M) and wins.", [4.9 * M]),
        ("On Llama it trains 0.064M parameters, LoRA 33.5M.", [0.064 * M, 33.5 * M]),
        ("Training 200 randomly projected parameters suffices.", [200]),
    ],
)
def test_reads_counts_of_tuned_parameters(text: str, expected: list[float]) -> None:
    """Counts of tuned, added or learned parameters are told from the size of the model."""
    assert values(text, "trainable_params") == pytest.approx(expected)
    assert not set(values(text, "model_size")) & set(expected)


@pytest.mark.parametrize(
    "text",
    [
        "We fine-tune Quux under 19 parameter configurations.",
        "An adapter with just $d+1$ parameters is tuned.",
    ],
)
def test_refuses_other_counts_of_parameters(text: str) -> None:
    """Counts of settings, and the last term of a sum, are no counts of tuned parameters."""
    assert values(text, "trainable_params") == []
    assert values(text, "model_size") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It trains 0.07\\% of the parameters.", [0.07]),
        ("Tuning less than 1\\% of the original model parameters is enough.", [1]),
        ("A tiny subset of parameters (sim0.01% of model parameters) is tuned.", [0.01]),
        ("Training $\\sim$0.3\\% of weights works.", [0.3]),
        ("The adapter (4.18% of total parameters for images and 3.39% for videos) wins.", [4.18, 3.39]),
        ("Updating 0.1% parameters works.", [0.1]),
        ("It has only 0.1%-3% tuned parameters.", [0.1, 3]),
        ("While updating 0.19-0.24% of parameters, it wins.", [0.19, 0.24]),
        ("It only requires 1.5% trainable parameters.", [1.5]),
        ("It adds 1.2M parameters per task, i.e. 1.07\\% of the backbone.", [1.07]),
        ("We fine-tune 600K parameters at most (< 0.01% of the base model).", [0.01]),
        ("The prompts amount to 0.6% of the encoder.", [0.6]),
        ("Low-rank adaptation wins while updating 0.9% of the model.", [0.9]),
        ("Trainable parameters are reduced to 0.1% of the original model.", [0.1]),
        ("It uses $0.5\\%$ trainable parameters.", [0.5]),
        ("We tune \\textbf{0.09\\%} of weights.", [0.09]),
        ("LoRA (0.24% trainable) wins in models.", [0.24]),
        ("Updating 0.033% of T5's parameters and 0.012% of GPT-2's parameters works.", [0.033, 0.012]),
        ("We match it with a parameter budget of 0.1%.", [0.1]),
        ("We train about 0.02% of the total number of parameters.", [0.02]),
        ("It tunes 2M trainable parameters (only 0.01-0.04% additional overhead).", [0.01, 0.04]),
        ("It costs 0.3% parameter overhead.", [0.3]),
        ("It adds 0.2% of parameters, less than LoRA on large models (0.5%).", [0.2, 0.5]),
        ("Zero-shot it fails, while training only 2% of parameters works.", [2]),
        ("By tuning 0.2 percent of QuuxNet weights it adapts.", [0.2]),
        ("It updates the top 5% Principal Weights.", [5]),
        ("Added modules amount to at most 0.25% of the parameter count of the detector.", [0.25]),
        ("The proportion of trainable parameters stays around 30%, which suffices.", [30]),
        ("A small head (4M parameters, 0.05% of the base model) reads it.", [0.05]),
        ("Models train fewer than 1% of their parameters on our hills.", [1]),
        ("With only about 17% of model parameters trained, it gains 2%.", [17]),
        ("It needs training and storing only 1% of the initial model parameters.", [1]),
        ("With only 12.8% trainable parameters compared to the backbone, it reads videos.", [12.8]),
        ("It scales well (0.03% parameter increase per domain).", [0.03]),
        ("Task-specific parameters amount to 0.035% of those tuned in full.", [0.035]),
        ("It trains 0.5% of parameters at higher accuracy than LoRA has (93%).", [0.5]),
        ("It needs fewer trainable parameters (about 1\\% of the foundation model) than others.", [1]),
        ("It cuts epochs and learned parameters (less than 2%) at once.", [2]),
        ("It activates only \\textbf{10\\%} of attention parameters during fine-tuning.", [10]),
        ("Its parameter overhead (only 0.15% updated) stays under what others need.", [0.15]),
        ("We keep the parameter overhead under 3 percent.", [3]),
        ("It has 66K trainable parameters (2--4% overhead).", [2, 4]),
        ("A small amount (2.8%-5.1%) of new parameters suffices.", [2.8, 5.1]),
        ("We tune adapters. It scales, requiring merely 0.36% parameters on Quux.", [0.36]),
        ("It trains 1.3% of total parameters (0.13% for LoRA alone).", [1.3, 0.13]),
        ("It wins while updating just 1.8% (11.7M) of its parameters.", [1.8]),
        ("LoRA wins with only 1.6% to 33% backbone parameter updates.", [1.6, 33]),
        ("A LoRA model with 15.5% trainable parameters wins.", [15.5]),
        ("It tunes 2.7% of the parameters and beats it at matched rank (27.5% vs. 24.4%).", [2.7]),
    ],
)
def test_reads_trainable_shares(text: str, expected: list[float]) -> None:
    """Shares of a model's parameters that are trained, added or selected are read as printed."""
    assert values(text, "trainable_pct") == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "It reduces trainable parameters by 98%.",
        "Low-rank translators reduce trainable parameters by up to 98.4%.",
        "Trained on all tasks, it shares 80% of its parameters across them.",
        "It has 60% fewer trainable parameters.",
        "Pruning removes 40% of the parameters at 1% loss.",
        "With half the parameters, accuracy rises by 3.2%.",
        "It reaches 96.4\\% of the accuracy of the 13B model.",
        "It uses 29% as many parameters as ViT does in 95% of cases.",
        "The stored parameters are 0.4% of those of LoRA.",
        "It reaches 90% of the full parameter performance.",
        "Only 5% of the total parameters are activated per token by our training.",
        "Activating 3% of the parameters at a time, the adapter is quick.",
        "A tuned model has 2M parameters, corresponding to 16% of previous models.",
        "It tunes 24% of the parameters tuned by LoRA.",
        "It needs fewer trainable parameters (98% fewer than the others).",
        "It trains with 40% lower parameter overhead and 1% more tokens.",
        "It uses only 9% of the trainable parameters compared to the best system.",
        "With only 36% of the trainable parameters of the current best method, it wins.",
        "It outperforms LoRA while using just 46% of its parameters.",
        "The tuned one beats Quux with only 23% of the trainable parameters.",
        "Up to 90% of parameter updates of fine-tuning add nothing.",
    ],
)
def test_refuses_other_percentages(text: str) -> None:
    """Reductions, accuracies and comparisons between models are no trainable shares."""
    assert values(text, "trainable_pct") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pre-trained on 57 billion tokens.", [57 * B]),
        ("Trained on 1.3T tokens of code.", [1.3e12]),
        ("Trained on 1 and 2 trillion tokens.", [1e12, 2e12]),
        ("From 5 to 500 billion tokens.", [5 * B, 500 * B]),
        ("It needs 350-700M tokens of continued training.", [350 * M, 700 * M]),
        ("The corpus has $10^{12}$ tokens.", [1e12]),
        ("A 206B-token corpus is released.", [206 * B]),
        ("Trained on roughly $6$ trillion high-quality Korean, and English tokens.", [6e12]),
        ("We keep fifty-seven billion tokens.", [57 * B]),
        ("With only 70000 tokens of training data it works.", [70000]),
        ("From a raw set of 4+ billion tokens.", [4 * B]),
        ("A mixture of 4.5T text tokens and 500B image tokens.", [4.5e12, 500 * B]),
        ("It needs only \\textbf{4.2M} training tokens.", [4.2 * M]),
        ("At 152M / 5B tokens it wins.", [5 * B]),
        ("Trained on 500M and 1B tokens.", [500 * M, 1 * B]),
        ("We train on conversations totaling 15M tokens.", [15 * M]),
        (
            "The corpus has textbooks and reports, some of them old and rare, and others from last year that were read anew for it, with 2M tokens.",
            [2 * M],
        ),
        ("It is trained on 6 trillion interleaved text-image discrete tokens.", [6e12]),
        ("It is trained on ten trillions of tokens.", [1e13]),
        ("Under a 1M-token budget and five rounds of fine-tuning, it wins.", [1 * M]),
        ("It was trained at three token counts (500K, 1M, and 2M).", [500 * K, 1 * M, 2 * M]),
        ("At equal token budgets (2-32M) of meetings we fine-tune it.", [2 * M, 32 * M]),
        ("It compresses by 40% with only 13 million calibration tokens.", [13 * M]),
        ("It starts from Quux and reads 120B more tokens of hills.", [120 * B]),
        ("Quux was pretrained on 17 trillion tokens, the smaller ones on 10 trillion.", [17e12, 10e12]),
    ],
)
def test_reads_corpus_sizes(text: str, expected: list[float]) -> None:
    """Sizes of training corpora in tokens are read, and are no model sizes."""
    assert values(text, "training_tokens") == pytest.approx(expected)
    assert values(text, "model_size") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Inputs of up to 32,768 tokens are read.", [32768]),
        ("The context window grows to 200K.", [200 * K]),
        ("We train at 8k context-length.", [8 * K]),
        ("A context window of 128K is supported.", [128 * K]),
        ("It handles sequence lengths up to 1M.", [1 * M]),
        ("It reads 4096 tokens of context.", [4096]),
        ("A 128k-token context is kept.", [128 * K]),
        ("It has a context length of 512 or 2048 tokens.", [512, 2048]),
        ("We extend the context from 4K to 100k.", [4 * K, 100 * K]),
        ("The sequence length grows during training from 512 to 8,192.", [512, 8192]),
        ("It keeps a 1M context.", [1 * M]),
        ("It extends the window from 4k to 32k.", [4 * K, 32 * K]),
        ("Models with a sequence length of 16,384, 62% of them ours.", [16384]),
        ("The context length (4096 vs.\\ 8192 tokens) matters.", [4096, 8192]),
        ("Long contexts matter. Quux is extended from 4K to 32K.", [4 * K, 32 * K]),
        ("Agents at 1M Context Windows.", [1 * M]),
        ("In long-context tasks it is 3x as fast at 8K tokens. At 64K tokens it fails.", [8 * K, 64 * K]),
        ("It breaks past its 2K-token RoPE limit.", [2 * K]),
        ("A context length of 2048 is kept.", [2048]),
        ("The context length is fixed at 4K, the maximum length just 8K.", [4 * K, 8 * K]),
        ("On RULER (4K/16K) and RULER-64K it wins.", [4 * K, 16 * K, 64 * K]),
        ("It is quick on sequences longer than 64K and on a 16k sequence.", [64 * K, 16 * K]),
        ("With 100k+ context length it passes 128K needle-in-a-haystack tests.", [100 * K, 128 * K]),
        ("It has a 128K extended context window.", [128 * K]),
        (
            "It is extended to 128K lengths and reads context lengths up to 96k visual and text tokens.",
            [128 * K, 96 * K],
        ),
        ("Gains grow with context length, up to 1.3x at 64K.", [64 * K]),
        ("Attention needs less memory at 4096 tokens; the 8192-token configuration fits.", [4096, 8192]),
        ("The attention kernel is 159x as fast at 131K tokens.", [131 * K]),
        ("With long-range attention it finds the needle over 1M tokens.", [1 * M]),
        ("Decoding is sped up at 128/1K/10K-token contexts.", [128, 1 * K, 10 * K]),
        ("Agents in conversations need contexts of up to 1M tokens.", [1 * M]),
        ("Attention is quick in simulations from 64K to 1M tokens.", [64 * K, 1 * M]),
        (
            "It reasons over chains in three context tiers (256K, 512K, and 1M tokens).",
            [256 * K, 512 * K, 1 * M],
        ),
        ("With long contexts, one card fits 2,048 tokens, and ours reaches 16,384 tokens.", [2048, 16384]),
        ("The KV cache of long contexts takes 18 GB at 128k, and less with us.", [128 * K]),
        ("It is quick at short sequence lengths (e.g., 1K).", [1 * K]),
        ("From 4K to 400K: extending the context of a model.", [4 * K, 400 * K]),
        ("The context size is large (2,048 tokens), and so are batches (0.5M tokens).", [2048]),
        ("It matches Quux-4 Turbo (128K) and Zonk 3.0 (200k) on long contexts.", [128 * K, 200 * K]),
        ("At a 2048-token context with 64-token decode, it is quick.", [2048]),
        ("For long contexts we release Quux-4-9B (128K, 1M).", [128 * K, M]),
        ("At long context one card fits 2,048 tokens and fails at 4,096.", [2048, 4096]),
        ("With a vocabulary of 4096 and a 232-token context, it learns.", [232]),
        ("The models read 1 million tokens, up from 128K.", [1 * M, 128 * K]),
        ("It accepts up to 256K tokens of text and images.", [256 * K]),
        ("It reads sequences of up to 8K.", [8 * K]),
        ("It is trained at contexts of 1 million tokens and extrapolates to 4 million.", [1 * M, 4 * M]),
        ("It is quick at sequence length 512 and 3 times as quick at 1K.", [512, 1 * K]),
    ],
)
def test_reads_context_lengths(text: str, expected: list[float]) -> None:
    """Context windows and sequence lengths are read, exact figures exactly."""
    assert values(text, "context_tokens") == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "It generates 16K tokens of reasoning.",
        "It decodes 1148 tokens/s and 100 tokens per second.",
        "It costs \\$2 per 1K tokens.",
        "A context window of 1500 frames is used.",
        "We collect 3k long context question-answer pairs.",
        "The vocabulary has 50K tokens.",
        "It supports 128K context and up to 100 tool calls."[:0] + "GSM8K and Atari100k are benchmarks.",
        "The dataset has 20,211 sequences and 48 contexts.",
        "We compress images to 256 visual tokens.",
        "A benchmark of 4,731 context-rich scenarios.",
        "The dataset is extended from 4K to 32K images.",
        "We study the context of a 2023 law and a 2024--2026 window.",
        "From the logs 90,707 context windows were cut, and 600-window tests made.",
        "In-context demonstrations grow from 8 to 1,024.",
        "With long contexts it is better at 8K tokens of output, and with traces of reasoning exceeding 64K tokens.",
        "QuuxQA: A 10 Million Token Benchmark.",
        "We analyse 400K rollouts and 5B tokens on 15 models.",
        "The agents spent 70B inference tokens.",
        "It exceeds the 512-token output limit.",
        "The whole system uses 11.9M tokens, costs \\$8.1 and takes three hours.",
        "In conversations with users, the service made 2B tokens.",
        "We keep 2k sequences and 1005 full-length films.",
        "It compresses the visual context to 2048 tokens.",
        "Over 98 inferences, processing over 51 million input tokens, it held.",
        "Sliding windows of 128 tokens alternate with attention to all.",
        "The editor's plug-ins produce 4.7 billion tokens for users.",
    ],
)
def test_refuses_other_token_counts(text: str) -> None:
    """Outputs, rates, prices, vocabularies and counts of examples are neither contexts nor corpora."""
    assert values(text, "context_tokens") == []
    assert values(text, "training_tokens") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use 4-bit quantization.", [4]),
        ("In the sub-4-bit regime it wins.", [4]),
        ("Weights are quantized to INT8.", [8]),
        ("A model in 1.58-bit weights.", [1.58]),
        ("Quantization at W4A16 is lossless.", [4, 16]),
        ("We quantize to 2- and 4-bit.", [2, 4]),
        ("A 4/8-bit model.", [4, 8]),
        ("Quantized to 3 or 4 bits per weight.", [3, 4]),
        ("Training in FP8 and NF4 precision.", [8, 4]),
        ("Robust to four bit quantization.", [4]),
        ("A 3-bit model equals its 16-bit counterpart.", [3, 16]),
        ("An INT8 model equals its BF16 counterpart.", [8, 16]),
        ("FP4DiT is a quantized model.", [4]),
        ("We write 2-bit microkernels for quantized models.", [2]),
        ("Quantized models fail at 2-3 bits.", [2, 3]),
        ("Weights of the model shrink from 16 to 3 bits.", [16, 3]),
        ("Salient weights of the model are FP16, others INT3/4.", [16, 3, 4]),
        ("At 0.1 BPW the quantized model wins.", [0.1]),
        ("Quantized models shrink to 4 or even 3 bits per weight.", [4, 3]),
    ],
)
def test_reads_bit_widths(text: str, expected: list[float]) -> None:
    """Bit widths of weights and activations are read from numbers and from format names."""
    assert values(text, "bits") == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "The model compresses to 0.97 Bits per Character.",
        "A model for 8-bit images on a 32-bit ARM processor.",
        "Our model transmits 21.3 bits/min.",
        "The model hides a 32-bit message.",
        "Compared with the FP32 and FP64 model.",
        "Int3DNet is a model of intentions.",
        "The model learns from one-bit feedback and turns 14-bit RAW files into 8-bit sRGB.",
        "A message passing method recovers signals under 1-bit quantization.",
        "The entropy of the model is low ($H=2.3$ bits).",
        "UTF-8 and SHA-256 are used by the model.",
        "Language models of sound at bit depths (8, 16, 24-bit).",
        "The 3-bit mantissa makes attention of the model inexact.",
        "With a model we design an 8-bit accumulator and filter 32-bit single-precision floats.",
    ],
)
def test_refuses_other_bits(text: str) -> None:
    """Rates, images, messages, measurements and the formats of any arithmetic are no bit widths."""
    assert values(text, "bits") == []


def test_marks_totals_active_counts_and_ends_of_ranges() -> None:
    """Qualifiers tell both ends of a range, and totals from active counts."""
    found, _ = find_quantities("Between 1B-8B, and Qwen3-30B-A3B.", "abstract")
    assert [(q.value, q.qualifier) for q in found] == [
        (1 * B, "range_low"),
        (8 * B, "range_high"),
        (30 * B, "total"),
        (3 * B, "active"),
    ]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("We release Quux-7B.", "proposes"),
        ("In this work, we introduce Quux, a 7B model.", "proposes"),
        ("Our 7B model wins.", "proposes"),
        ("Experiments on LLaMA-7B confirm it.", "uses"),
        ("We propose a method that improves LLaMA-7B.", "uses"),
        ("We evaluate two open-source models, such as Gemma 9B.", "uses"),
        ("Recent models such as GPT-3 with 175B parameters are costly.", "mentions"),
        ("Then comes LLaMA-7B.", None),
    ],
)
def test_tells_the_role_of_a_size(text: str, role: str | None) -> None:
    """A size is of a model introduced here, worked with, or background, as its sentence says."""
    assert only(text).role == role


def test_span_holds_the_name_and_the_noun() -> None:
    """The evidence of a size includes the name that it ends or the noun that it counts."""
    assert only("We tune CodeLLaMA-2-7B now.").span.surface == "CodeLLaMA-2-7B"
    assert only("It has 175 billion parameters now.").span.surface == "175 billion parameters"


def test_reads_across_line_ends() -> None:
    """A phrase that goes on in the next line is read as if it did not; its surface is as printed."""
    found, _ = find_quantities(
        "Trained on 40B\ntokens, it has 7 billion\nparameters in four\nbit precision.", "abstract"
    )
    assert [(q.kind, q.value, q.span.surface) for q in found] == [
        ("training_tokens", 40 * B, "40B\ntokens"),
        ("model_size", 7 * B, "7 billion\nparameters"),
        ("bits", 4, "four\nbit"),
    ]


def test_refusals_name_their_reason() -> None:
    """A refused look-alike is recorded with the rule that refused it."""
    assert reasons("Trained on 5M images with 4-bit images of the model.") == {
        "data-count",
        "not-a-weight-width",
    }
    assert reasons("It cuts parameters by 40%.") == {"reduction"}


_PIECES = st.sampled_from(
    "7B 13b 70M 1.3 8x7B 0.1% \\% $ , and - to -- – / parameters trainable tokens context of length W4A16 INT8 bits 4-bit LLaMA-2- Qwen2.5- billion half a trillion million 10^{9} 10⁹ \\, { } ( ) . we release only 128K 32,768 A3B ~ https://a.io/7B".split()  # noqa: SIM905
)
_TEXTS = (
    st.lists(_PIECES, max_size=14).map(" ".join)
    | st.lists(_PIECES, max_size=14).map("".join)
    | st.lists(_PIECES, max_size=14).map("\n".join)
    | st.text(max_size=60)
)
_TRIGGER = re.compile(re.sub(r"\\x\{(\w+)\}", lambda m: chr(int(m[1], 16)), QUANTITY_TRIGGER))


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_spans_are_what_the_text_prints(text: str) -> None:
    """Every span is the text between its offsets, every value is positive, and no text fails."""
    found, refused = find_quantities(text, "abstract")
    assert all(
        text[x.span.start : x.span.end] == x.span.surface and x.span.surface for x in (*found, *refused)
    )
    assert all(q.value > 0 for q in found)


@settings(max_examples=200, deadline=None)
@given(_TEXTS)
def test_trigger_is_a_superset(text: str) -> None:
    """A text that the trigger does not match holds nothing to find or to refuse."""
    if not _TRIGGER.search(text):
        assert find_quantities(text, "abstract") == ([], [])
