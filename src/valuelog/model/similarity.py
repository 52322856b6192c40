"""Rank known lines about friction by how likely a new line repeats one of them in other words.

The method, in the order of the functions:

1. Normalize: case, accents and apostrophes do not count.
2. Reduce words to concepts: a stem, or the first of a group of synonyms. Chinese, Japanese and Korean text, which has
   no spaces between words, becomes pairs of letters.
3. Weigh the concepts. A topic (VPN, roster) counts fully, a word of every workplace (team, room) and a complaint (slow,
   missing) count for `MINOR`, function words for nothing. A topic that many known lines have counts for less.
4. Match a topic that no known line has with those that look alike by their trigrams: typos and compounds.
5. Score a known line by the weight of what it shares, divided by a mean of both lines' weights to the power of
   `LENGTH_EXPONENT` (0 would ignore other words, 0.5 is a cosine). One shared topic is enough between short lines.

The groups of words are everyday language of offices, software, wards and schools. All numbers were chosen on the pairs
under "tune" in tests/model/friction_pairs.toml; the pairs under "measure" only check them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from heapq import nlargest
from itertools import chain, pairwise
from math import inf, log

MAX_LENGTH = 300
"""Only the first letters of a text are compared: what it is about comes early."""

MINOR = 0.3
"""The weight of a complaint, a number or a word of every workplace; a topic has 1."""

FREE_FREQUENCY = 2
"""A topic loses weight when more known lines than this have it."""

SMALL_JOURNAL = 10
"""Added to the number of known lines, so that a topic that half of five lines have still counts."""

MIN_LIKENESS, CONTAINED_LIKENESS = 0.5, 0.8
"""The Dice coefficient of trigrams from which on two stems count as the same word, to that extent, and how alike a
compound is to the word it begins or ends with."""

MIN_TOPIC, MIN_SCORE = 0.7, 0.76
"""The weight of shared concepts, without complaints, and the score from which on lines are similar."""

LENGTH_EXPONENT = 0.3
"""How much the words that lines do not share count against them."""

IDENTICAL = inf
"""The score of the same line, or of the same topics with the same complaint."""

FUNCTION_WORDS = """
a able about across actually after all almost along already also although always am among an and another any anybody
anymore anyone anything apart are around as at away back bad basically be became because become been before being below
better between big both but by came can cant care case cause come complain completely cool could couldnt day did didnt
do does doesnt doing done dont down during each easy either else end enough entire etc even ever every everybody
everyone everything everywhere exact extra final first for force frank from gave get give given go gone good got great
had hadnt half happen hard has hasnt have he her here herself him himself his how however huge i id ill im in inside
instead into is isnt it its itself ive just keep kept kind know known knows last least leave left less let like literal
little lot made main make many may maybe me mid middle mine more most much must my myself near need neither never new
next nice nor not nothing now of off ok okay old on once one only onto other our ours out outside over own part people
per please plenty poor possible pretty probably proper put quite rather real realy reason right round said same sat saw
say second see seem seen serious shall she should simple since single small so some somebody someone something
sometimes somewhere soon sort spend spent stand start still stood stuff stupid such sure take taken terrible than that
thats the their them then there theres these they theyre thing this those though through till tiny to today tomorrow
tonight took total toward tried try turn two under until up upon us use usual very via want was wasnt way we well went
were weve what whatever whatsoever when whether which while who whoever whole whom whose why will wish with within wont
worse worst would wouldnt yeah year yes yesterday yet you your yours too having cannot shouldnt arent werent havent
hers theirs against above aside far later sometime der die das den dem des ein eine einen einem einer und oder aber ist
sind war wird werden wurde hat haben hatte habe wieder schon noch immer nicht nur mal auf aus bei mit nach von vom vor
zu zum zur fur ich wir sie er es mich mir uns man wie wo wenn dass auch als jeden jede jeder jedes heute gestern ganz
sehr viel mehr muss geht gehen kommt kommen bekommen macht machen wegen uber unter durch standig stets erst dran da
hier dort sich sein ihr ihre mein meine unser kann konnen darf soll wollen gibt braucht dauernd zwei drei zweimal
dreimal vorher nachher le la les l un une de du d et ou mais est sont etre au aux en dans sur pour par avec ce cet
cette ces je tu il elle nous vous ils ne pas plus encore toujours tres tout tous toute toutes que qui se sa son ses mon
ma mes y pendant quand depuis chez jamais rien fait faire va c j n el los las una unas o pero esta estan al del con
para otra otro vez muy siempre hoy mi su lo s t re ve m cmon goes or used using bit seriously simply ugly unbearable
useless ll mussen zehn suis qu unos ab temps again zeigt zeigen
"""
"""Words that say nothing about the topic: English, German, French, Spanish."""

COMPLAINTS = """
slow/lag/late/delay/stuck/hang/hour/minute/min/hrs/week/wait/waste/forever/age/long/spinner/load/drag/overrun/queue/
 postpone/overdue/timeout/sluggish/eternity/langsam/lang/lange/dauern/dauert/spat/verspatet/warten/uberzogen/stunde/
 schlange/minuten/lent/attente/attendre/lento/tarde broken/break/broke/crash/fail/failure/dead/dies/error/freeze/froze/
 kill/defect/cut/drop/disconnect/kick/interrupt/jam/papierstau/died/stick/reject/bounce/refuse/outage/offline/
 unreachable/flaky/red/flicker/unstable/unreliable/random/stop/work/weak/unusable/fight/fought/leak/abort/kaputt/
 defekt/klemmt/bricht/abbruch/weg/gestort/absturz/sturzt/abgesturzt/panne/hors/casse/marche/coupe/bloque/roto/rota/
 atascar/atascada/atasca many/full/crowd/flood/drown/overload/pack/endless/nonstop/zuviel/viele/voll/trop/mucho/
 demasiado no/none/nobody/noone/miss/missing/lose/lost/vanish/disappear/empty/find/found/hunt/look/search/without/lack/
 short/shortage/few/understaff/where/incomplete/unavailable/fehlt/fehlen/leer/kein/keine/ohne/manque/sans/perdu/falta/
 sin manual/manually/hand/twice/double/duplicate/copy/paste/retype/type/repeat/time/doppelt/redo outdated/stale/
 obsolete/expire/date/current/veraltet/vieux unclear/confuse/guess/vague/unknown/nonsense/maze/mess/messy/chaos/ask/
 owner/unklar loud/noise/noisy/quiet/concentrate/laut/larm/bruit wrong/incorrect/differ/different/mismatch/match/typo/
 mistake/false/falsch/faux notice/silent/announce/told/tell/inform/warn/warning/ignore collide/clash/overlap/conflict/
 occupy/block unreadable/illegible/blurry/handwriting
"""
"""Words for what is wrong; each group is one complaint, and may continue on the next line after a slash."""

WORKPLACE_WORDS = """
morning noon afternoon evening night/midnight monday tuesday wednesday thursday friday saturday sunday weekend month/
 monthly daily person man woman team colleague/coworker/staff/employee/hire/trainee/newcomer boss/manager/supervisor
customer/client/guest/caller user patient doctor/physician nurse student/pupil/kid parent/parents class/classroom agent
guy department/dept company/business office room/raum/zimmer/place/space/spot/lot floor door desk house building hall
ward lab school shop kitchen site area list/checklist page app tool system file/document folder form paper note data/
 info/information number/figure/value name plan part piece order open close send/sent write/wrote/written read call
phone/telephone show set fill check change update issue/problem/trouble job task line point side step question answer
option server service code process project product group machine screen item box bag result/ergebnis connection/
 verbindung three/third/3/3rd four/4/4th five/5 six/6 seven/7 eight/8 nine/9 ten/10 dozen run ran build/built/rebuild/
 rebuilt move reset size account arrive bring deliver switch land hold held pick pull push wear sit talk speak spoke
met explain report enter press click scroll pay paid order require request return receive accept allow approve produce
prepare provide support join learn teach help include contain cover cost cancel create delete remove add install clean
store carry walk drive ride restart throw threw break forget forgot remember understand decide plan visit remind share
collect pass follow sleep eat drink wake woken sign happen people full-time available possible important special normal
official extra buro stock chef arzt kunde monat tag woche bureau porte etage jour heure matin
"""
"""Words of every workplace; sharing one proves little."""

SYNONYMS = """
ci/pipeline/jenkins deploy/deployment/release/rollout doc/documentation/undocumented/wiki/confluence/readme meeting/
 appointment besprechung/sitzung/termin login/logon/signin/sso password/passcode/pwd passwort/kennwort credential/
 secret permission/access/right/authorize review/reviewer/pr approval/approve/signature/sign/signed kubernetes/k8s
database/db/postgres/mysql test/spec config/configuration/yaml/setting/settings/setup wifi/wlan/wireless/internet
laptop/notebook/computer/pc medicine/medication/med/drug handover/handoff roster/rota excel/spreadsheet/sheet/xls mail/
 email/mailbox/inbox chart aircon/ac chat/slack holiday/vacation/pto oncall/pager/standby alert/alarm repo/repository/
 git env/environment dependency/dep invoice/bill salary/payroll lift/elevator toilet/restroom trip/travel homework/
 assignment grade/mark substitution/substitute/sub receipt/expense certificate/cert/ssl/tls court/hearing/trial
translator/translation/interpreter monitor/display bus/tram applicant/candidate/cv freezer/fridge canteen/cafeteria
contract/agreement search/index vm/container/docker auth/authentication admin/administrator booking/slot/reservation
hotel/accommodation keyboard charger/adapter memory/oom/ram cron/nightly replace/replacement headcount/hiring/
 recruiting/recruitment kasse/kassensystem/cashier projector/beamer supplier/vendor parcel/package/shipment training/
 course/workshop prod/production estimate/estimation trolley/cart infusion/iv/drip chair/seat staging/preprod vpn/
 tunnel parking/carpark heating/heater/radiator headset/headphones/earphones camera/webcam bandage/dressing dose/dosage
prescription/rx timesheet/timekeeping warehouse/depot ticket/jira merge/rebase sprint/iteration barcode/qr microphone/
 mic picture/image/photo video/clip feedback/comment standup/scrum food/meal truck/lorry van/minibus trash/garbage/
 rubbish tap/faucet price/pricing discount/rebate refund/reimbursement stairs/staircase light/lamp/bulb
"""
"""Everyday synonyms; each group is one topic."""

_APOSTROPHE = re.compile(r"\b([cdjlmnst]|qu)['’](?=\w{3})|['’]")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_UNSPACED_FUNCTION = re.compile(
    "[\u3041-\u309f的了是在又太很也都不没有我你他她它们这那今天日一个和就要]|(?<=..)[이가은는을를만도에의로와과]$"
)
"""Hiragana, and the most frequent Chinese and Korean function words: they separate the words around them."""

_ENDING = re.compile("(?<=...)(?<!s)(?:ing|ly|ed|en|es|e|s)$")
_MIN_STEM, _MAX_COMPOUND, _MIN_COMPOUND_END = 3, 40, 6
"""Fewer letters at the end prove nothing: form, platform."""


def rank_similar(text: str, known: Sequence[str], limit: int = 2) -> tuple[int, ...]:
    """Return the positions of the known lines that a text probably repeats, most similar first."""
    memo: dict[str, tuple[str, ...]] = {}
    lines = [_concepts(line, memo) for line in known]
    frequencies = Counter(chain.from_iterable(lines))
    query = _concepts(text, memo) | _rejoined(_words(text), frequencies)
    alike = _find_alike(query, frequencies)
    weights = _Weights(frequencies, len(known))
    folded = text.casefold()
    scores = [
        IDENTICAL if line.casefold() == folded else _score(query, concepts, alike, weights)
        for line, concepts in zip(known, lines, strict=True)
    ]
    best = nlargest(limit, range(len(known)), key=scores.__getitem__)
    return tuple(position for position in best if scores[position] >= MIN_SCORE)


class _Weights(dict[str, float]):
    """Weights of concepts, computed when they are first needed."""

    def __init__(self, frequencies: Mapping[str, int], size: int) -> None:
        super().__init__()
        self._frequencies = frequencies
        self._log_size = log(size + SMALL_JOURNAL)

    def __missing__(self, concept: str) -> float:
        weight = 1.0 if _is_topic(concept) else MINOR
        if not _is_complaint(concept):
            weight *= 1 - log(max(self._frequencies.get(concept, 0) / FREE_FREQUENCY, 1)) / self._log_size
        self[concept] = weight
        return weight


def _score(
    query: AbstractSet[str], line: AbstractSet[str], alike: Mapping[str, Mapping[str, float]], weights: _Weights
) -> float:
    if query == line and any(map(_is_topic, query)):
        return IDENTICAL
    shared = {concept: weights[concept] for concept in query & line}
    for concept in line & alike.keys():
        for wanted, likeness in alike[concept].items():
            shared[wanted] = max(shared.get(wanted, 0), likeness * weights[concept])
    if sum(weight for concept, weight in shared.items() if not _is_complaint(concept)) < MIN_TOPIC:
        return 0
    product = sum(weights[concept] for concept in query) * sum(weights[concept] for concept in line)
    return float(sum(shared.values()) / product**LENGTH_EXPONENT)


def _concepts(text: str, memo: dict[str, tuple[str, ...]]) -> set[str]:
    concepts: set[str] = set()
    for word in _words(text):
        if word not in memo:
            memo[word] = tuple(_word_concepts(word))
        concepts.update(memo[word])
    return concepts


def _words(text: str) -> list[str]:
    text = _APOSTROPHE.sub(lambda match: " " if match[1] else "", text[:MAX_LENGTH].casefold())
    if not text.isascii():
        letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
        text = unicodedata.normalize("NFC", "".join(letters))
    return _WORD.findall(text)


def _word_concepts(word: str) -> Iterator[str]:
    if not word.isascii():
        for run in _UNSPACED.findall(word):
            for part in _UNSPACED_FUNCTION.sub(" ", run).split():
                yield from map("".join, pairwise(part)) if len(part) > 1 else part
        word = _UNSPACED.sub("", word)
    if word and (concept := _concept(word)):
        yield concept


def _concept(word: str) -> str:
    known = _known_concepts()
    stem = _stem(word)
    return known[word] if word in known else known.get(stem, stem)


def _stem(word: str) -> str:
    """Return a word without endings for plural, past and adverb, the same for all forms of most words."""
    while word.isalpha() and (ending := _ENDING.search(word)):
        word = word[: ending.start()]
    word = f"{word[:-1]}y" if word.endswith("i") else word
    return word[:-1] if len(word) > _MIN_STEM and word[-1] == word[-2] else word


@cache
def _known_concepts() -> dict[str, str]:
    listed = dict.fromkeys(FUNCTION_WORDS.split(), "")
    concepts = dict.fromkeys(map(_stem, listed), "")
    for table, mark in ((WORKPLACE_WORDS, "+"), (COMPLAINTS, "!"), (SYNONYMS, "")):
        for group in table.replace("/\n ", "/").split():
            words = group.split("/")
            concept = mark + _stem(words[0])
            concepts.update(dict.fromkeys(map(_stem, words), concept))
            listed.update(dict.fromkeys(words, concept))
    return concepts | listed  # a listed word counts as it is, even if it is the stem of another one: set, setting


def _is_complaint(concept: str) -> bool:
    return concept[0] == "!"


def _is_topic(concept: str) -> bool:
    return concept[0] not in "!+" and not concept.isdigit() and (len(concept) > 1)


def _rejoined(words: Sequence[str], frequencies: Mapping[str, int]) -> set[str]:
    """Return the known concepts of words that are written apart or together: lock file, lockfile."""
    joined = {_concept(first + second) for first, second in pairwise(words)} & frequencies.keys()
    new = [word for word in words if len(word) <= _MAX_COMPOUND and _concept(word) not in frequencies]
    halves = ({_concept(word[:i]), _concept(word[i:])} for word in new for i in range(_MIN_STEM, len(word) - 2))
    return joined.union(*(pair for pair in halves if pair <= frequencies.keys()))


def _find_alike(query: AbstractSet[str], frequencies: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """Return, by concepts of known lines, the unknown ones of the query that look like it, each with its likeness."""
    alike: dict[str, dict[str, float]] = {}
    for unknown in query - frequencies.keys():
        if len(unknown) > _MIN_STEM and _is_topic(unknown):
            for concept in frequencies:
                if (likeness := _likeness(unknown, concept)) >= MIN_LIKENESS:
                    alike.setdefault(concept, {})[unknown] = likeness
    return alike


def _likeness(one: str, other: str) -> float:
    """Return the Dice coefficient of the trigrams of two stems that begin or end alike."""
    if one[:2] != other[:2] and one[-3:] != other[-3:]:
        return 0
    short, long = sorted((one, other), key=len)
    if len(short) > _MIN_STEM and (
        long.startswith(short) or (len(short) >= _MIN_COMPOUND_END and long.endswith(short))
    ):
        return CONTAINED_LIKENESS
    first, second = _trigrams(one), _trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}
