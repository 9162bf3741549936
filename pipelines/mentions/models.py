"""stub"""
from functools import cache
@cache
def family_words() -> frozenset[str]:
    return frozenset("llama qwen gemma mistral mixtral vicuna alpaca llava gpt glm chatglm internvl internlm palm opt falcon nemotron pythia smollm olmo openvla qwq medgemma llada bloom flan pixtral molmo granite janus deepseek phi bert roberta deberta electra albert xlm vit clip t5 mt5 bart yi baichuan minicpm mamba rwkv gopher chinchilla dolly zephyr tulu orca wizardlm wizardcoder starcoder codellama codegen codet5 santacoder incoder esm ntv dit sam whisper wav2vec hubert cogvideox wan hunyuan flux sd sdxl pixart sana kosmos flamingo blip instructblip idefics internvideo eagle aya exaone jais megatron ernie mpt stablelm tinyllama mobilellm amber cerebras redpajama persimmon stable command dbrx grok kimi mimo ling hymba zamba jamba xlstm gemini claude".split())
