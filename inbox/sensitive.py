"""What may not be noted of people as a tag: the networks forbid to derive or keep it, and it would outlive its use.

Source: X, "Restricted uses of the X APIs" (health, financial status, political affiliation, racial or ethnic origin,
religious affiliation, sex life, trade union membership, alleged crimes). The words are ours, by no means all there
are: they stop the habit, a person who wants around them can.
"""

from __future__ import annotations

_WORDS = {
    "health": "pregnant depressed depression cancer diabetic diabetes hiv aids disabled autistic autism alcoholic "
    "addict epileptic dementia schwanger depressiv krebs diabetiker behindert",
    "money": "bankrupt insolvent debtor pleite insolvent",
    "politics": "republican democrat socialist communist fascist leftist rightwing tory kommunist konservativ",
    "religion": "christian catholic protestant muslim islam jewish jew hindu buddhist atheist sikh mormon katholisch "
    "evangelisch muslimisch jüdisch",
    "origin": "asian arab latino latina hispanic african gypsy roma migrant refugee ausländer flüchtling",
    "sex life": "gay lesbian bisexual queer homosexual transgender trans schwul lesbisch",
    "union": "unionist gewerkschafter",
    "crime": "criminal felon convict thief fraudster vorbestraft",
}
_BY_WORD = {word: topic for topic, words in _WORDS.items() for word in words.split()}


def sensitive(tag: str) -> str:
    """What a tag says of somebody that may not be kept, as a topic; empty where nothing is known against it."""
    return next((_BY_WORD[word] for word in tag.lower().replace("-", " ").split() if word in _BY_WORD), "")
