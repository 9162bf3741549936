"""Which texts may hold a typed number: one pattern over a whole column, before any text is read by itself.

What a number is, is told in `quantities`; whatever its rules ask for has to be here too.
"""

# The rest of a sentence, as far as the rules look: a full stop ends it when a blank and a capital follow.
_REST = (
    r"(?:[^.!?]|[.!?]\S|[.!?]\s+(?-i:[^A-Z0-9$\\(\"'`\s])|(?:e\.g|i\.e|vs|al|cf|etc|resp|approx|fig)\.\s)*"
)
#: A text in which `quantities.find_quantities` finds or refuses something matches this (Rust and Python syntax alike).
QUANTITY_TRIGGER = (
    # a number with a scale, "7B", "1.3 billion", or its words
    r"(?i)\d[})\\,$+ \n~\x{a0}\x{2009}\x{202f}⁰¹²³⁴⁵⁶⁷⁸⁹^{-]*(?:[bmt]s?|mm|bits?|bpw)(?:[^a-z0-9]|$)|illion"
    # the same with its letter in TeX, "1.5\\text{B}"
    r"|\d\\,?\\?(?:text|math(?:rm|bf)|rm)\s?\{\s?[kmbt]\s?\}"
    # bits and the names of number formats
    r"|[a-z][-\s]bits?(?:[^a-z]|$)|(?:int|fp|nf|bf|float|tf|hif)[-\s]?\d|w\d[\d.]*a\d"
    # counts with the noun that follows them, which no mark parts from its number
    r"|\d(?:k|[^a-z0-9.,;:?!])[^.,;:?!]*(?:param|weights|token|context|length|window)|\dk[-\s](?:input|prompt|needle|sequence)"
    r"|\(\d{2,3}k[),]|ruler[^a-z0-9]{0,12}\d|sequences?[- ](?:longer|shorter)[^.;:?!]*\d+k"
    r"|extend[a-z]*\s(?:[a-z]+\s){0,2}from\s[^a-z]{0,4}\d"
    # lengths after their word: thousands, or of two digits and more
    rf"|(?:context|length|window){_REST}\d[^a-z0-9]{{0,4}}(?:[\dk⁰¹²³⁴⁵⁶⁷⁸⁹]|thousand)"
    # shares of parameters or of a model
    rf"|(?:param|weights){_REST}(?:%|per\s?cent)"
    rf"|(?:%|per\s?cent)(?:{_REST}param|[)$\\}}]*\s(?:trainable|tunable|learnable|(?:updated|tuned|trained)\)|(?:the size )?of\s[a-z\s-]*"
    r"(?:model|backbone|network|llm|sam|clip|vlm|encoder|transformer)))"
)
