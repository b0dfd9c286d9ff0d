"""Words in the cells of an import that stand for a code of the shared vocabulary, in French, Dutch and English. What is ambiguous is no word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from duolangue.contracts.vocabulary import DAYS, MOMENTS, SLOTS, Interest, Level
from duolangue.registration.domain import values
from duolangue.registration.domain.headers import key
from duolangue.registration.domain.invalid import Invalid

_INTERESTS: Final[Mapping[str, str]] = {
    Interest.ANIMALS: "animals, animaux, animal, dieren, huisdieren",
    Interest.BEAUTY: "beauty, beauté, coiffure, soins de beauté, schoonheid, schoonheidsverzorging",
    Interest.BOARD_GAMES: "board games, jeux de société, jeu de société, jeux de plateau, gezelschapsspellen, gezelschapsspelen, bordspellen",
    Interest.BUSINESS: "business, affaires, entreprise, entrepreneuriat, commerce, zaken, ondernemen, handel",
    Interest.CHILDREN: "children, kids, enfants, les enfants, kinderen",
    Interest.CINEMA: "cinema, cinéma, films, film, movies, series, séries, bioscoop",
    Interest.COMPUTERS: "computers, informatique, ordinateurs, ordinateur, it, computer, informatica",
    Interest.COOKING: "cooking, cuisine, cuisiner, la cuisine, koken, keuken",
    Interest.CRAFTS: "crafts, artisanat, travaux manuels, loisirs créatifs, créations, handwerk, knutselen, ambachten",
    Interest.CYCLING: "cycling, vélo, le vélo, cyclisme, fietsen, wielrennen",
    Interest.DANCE: "dance, dancing, danse, danser, dansen, dans",
    Interest.DIY: "diy, do it yourself, bricolage, bricoler, klussen, doe het zelf",
    Interest.DRAWING: "drawing, painting, dessin, dessiner, peinture, peindre, tekenen, schilderen",
    Interest.FASHION: "fashion, mode, la mode",
    Interest.FITNESS: "fitness, sport, sports, gymnastique, musculation, gym, le sport, sporten",
    Interest.FOOTBALL: "football, foot, soccer, voetbal, voetballen",
    Interest.GARDENING: "gardening, jardinage, jardin, jardiner, tuinieren, tuin",
    Interest.HEALTH: "health, santé, bien être, gezondheid, welzijn",
    Interest.HIKING: "hiking, walking, marche, randonnée, randonnées, marcher, balade, balades, promenade, promenades, wandelen",
    Interest.HISTORY: "history, histoire, l'histoire, geschiedenis",
    Interest.LANGUAGES: "languages, langues, les langues, talen",
    Interest.MUSIC: "music, musique, la musique, muziek",
    Interest.NATURE: "nature, la nature, natuur",
    Interest.PHILOSOPHY: "philosophy, philosophie, philo, filosofie",
    Interest.PHOTOGRAPHY: "photography, photo, photos, photographie, fotografie",
    Interest.POLITICS: "politics, politique, la politique, politiek, actualité, actualiteit",
    Interest.READING: "reading, books, lecture, lire, livres, littérature, lezen, boeken",
    Interest.RELIGION: "religion, religions, religie, godsdienst, spiritualité",
    Interest.RUNNING: "running, jogging, course à pied, courir, lopen, hardlopen, joggen",
    Interest.SCIENCE: "science, sciences, la science, wetenschap, wetenschappen",
    Interest.SEWING: "sewing, couture, tricot, coudre, tricoter, naaien, breien",
    Interest.SINGING: "singing, chant, chanter, chorale, zingen, koor",
    Interest.SWIMMING: "swimming, natation, nager, piscine, zwemmen",
    Interest.THEATRE: "theatre, theater, théâtre, toneel",
    Interest.TRAVEL: "travel, travelling, voyage, voyages, voyager, reizen",
    Interest.VIDEO_GAMES: "video games, jeux vidéo, jeu vidéo, gaming, videospellen, videospelletjes, videogames, gamen",
    Interest.VOLUNTEERING: "volunteering, bénévolat, volontariat, vrijwilligerswerk",
    Interest.WRITING: "writing, écriture, écrire, schrijven",
}
_LANGUAGES: Final[Mapping[str, str]] = {
    "aa": "afar", "ak": "akan, twi", "am": "amharic, amharique, amhaars", "ar": "arabic, arabe, arabisch, darija", "ay": "aymara",
    "az": "azerbaijani, azéri, azerbaïdjanais, azerbeidzjaans", "be": "belarusian, biélorusse, belarussisch, wit russisch",
    "bg": "bulgarian, bulgare, bulgaars", "bm": "bambara", "bn": "bengali, bangla, bengaals", "bo": "tibetan, tibétain, tibetaans",
    "bs": "bosnian, bosniaque, bosnien, bosnisch", "ca": "catalan, catalaans", "cs": "czech, tchèque, tsjechisch", "da": "danish, danois, deens",
    "de": "german, allemand, duits, deutsch", "ee": "ewe, éwé", "el": "greek, grec, grieks", "en": "english, anglais, engels",
    "es": "spanish, espagnol, spaans, español", "et": "estonian, estonien, estisch, ests", "eu": "basque, baskisch",
    "fa": "persian, persan, farsi, dari, perzisch", "ff": "fula, fulah, peul, pular, pulaar", "fi": "finnish, finnois, fins",
    "fr": "french, français, frans", "gn": "guarani", "gu": "gujarati, goudjarati", "ha": "hausa, haoussa", "he": "hebrew, hébreu, hebreeuws", "hi": "hindi",
    "hr": "croatian, croate, kroatisch", "ht": "haitian creole, créole haïtien, haïtiaans creools", "hu": "hungarian, hongrois, hongaars",
    "hy": "armenian, arménien, armeens", "id": "indonesian, indonésien, indonesisch", "ig": "igbo", "it": "italian, italien, italiaans",
    "ja": "japanese, japonais, japans", "ka": "georgian, géorgien, georgisch", "kg": "kongo, kikongo", "kk": "kazakh, kazachs",
    "km": "khmer", "ko": "korean, coréen, koreaans", "ku": "kurdish, kurde, koerdisch, kurmanji, sorani", "ky": "kyrgyz, kirghize, kirgizisch",
    "lg": "ganda, luganda", "ln": "lingala", "lo": "lao, laotiaans", "lt": "lithuanian, lituanien, litouws", "lv": "latvian, letton, lets",
    "mg": "malagasy, malgache, malagassisch", "mk": "macedonian, macédonien, macedonisch", "ml": "malayalam",
    "mn": "mongolian, mongol, mongools", "ms": "malay, malais, maleis", "my": "burmese, birman, birmaans", "ne": "nepali, népalais, nepalees",
    "nl": "dutch, néerlandais, nederlands, flamand, vlaams", "no": "norwegian, norvégien, noors", "om": "oromo, afaan oromo",
    "pa": "punjabi, pendjabi, panjabi", "pl": "polish, polonais, pools", "ps": "pashto, pachto, pachtou, pasjtoe",
    "pt": "portuguese, portugais, portugees", "qu": "quechua", "rn": "rundi, kirundi, roundi", "ro": "romanian, roumain, roemeens, moldave",
    "ru": "russian, russe, russisch", "rw": "kinyarwanda", "sg": "sango", "si": "sinhala, cingalais, singalees",
    "sk": "slovak, slovaque, slowaaks", "sl": "slovenian, slovène, sloveens", "sn": "shona", "so": "somali, somalisch",
    "sq": "albanian, albanais, albanees", "sr": "serbian, serbe, servisch", "sv": "swedish, suédois, zweeds", "sw": "swahili, kiswahili",
    "ta": "tamil, tamoul", "te": "telugu, télougou", "tg": "tajik, tadjik, tadzjieks", "th": "thai, thaï", "ti": "tigrinya, tigrigna",
    "tk": "turkmen, turkmène, turkmeens", "tl": "tagalog", "tr": "turkish, turc, turks", "ug": "uyghur, ouïghour, oeigoers",
    "uk": "ukrainian, ukrainien, oekraïens", "ur": "urdu, ourdou", "uz": "uzbek, ouzbek, oezbeeks", "vi": "vietnamese, vietnamien, vietnamees",
    "wo": "wolof", "xh": "xhosa", "yo": "yoruba", "zh": "chinese, chinois, chinees, mandarin, mandarijn", "zu": "zulu, zoulou, zoeloe",
}  # fmt: skip
_LEVELS: Final[Mapping[str, str]] = {
    Level.A0_CANNOT_READ: (
        "A0 cannot read, A0 does not read, cannot read, does not read, illiterate, ne lit pas, A0 ne lit pas, ne sait pas lire, ne sait ni lire "
        "ni écrire, analphabète, leest niet, kan niet lezen, A0 leest niet, analfabeet"
    ),
    Level.A0: "beginner, A0 beginner, débutant, débutante, A0 débutant, grand débutant, grande débutante, A0 beginner, absolute beginner",
}
_ANYBODY: Final = "everyone, anybody, all levels, tous, toutes, tous niveaux, tous les niveaux, iedereen, alle niveaus"
_DAYS: Final = {
    "mon": "monday, mondays, lundi, lundis, lun, maandag, ma", "tue": "tuesday, tuesdays, mardi, mardis, mar, dinsdag, di",
    "wed": "wednesday, wednesdays, mercredi, mercredis, mer, woensdag, wo", "thu": "thursday, thursdays, jeudi, jeudis, jeu, donderdag, do",
    "fri": "friday, fridays, vendredi, vendredis, ven, vrijdag, vr", "sat": "saturday, saturdays, samedi, samedis, sam, zaterdag, za",
    "sun": "sunday, sundays, dimanche, dimanches, dim, zondag, zo",
}  # fmt: skip
_MOMENTS: Final = {
    "morning": "mornings, matin, matins, matinée, matinées, voormiddag, ochtend, ochtends",
    "midday": "noon, midi, midis, middag",
    "afternoon": "afternoons, aprèsmidi, aprèsmidis, namiddag",
    "evening": "evenings, soir, soirs, soirée, soirées, avond, avonds, avonden",
}
_WHOLE_DAYS: Final = {
    "weekend": DAYS[5:], "weekends": DAYS[5:], "semaine": DAYS[:5], "weekday": DAYS[:5], "weekdays": DAYS[:5], "weekdag": DAYS[:5],
    "weekdagen": DAYS[:5],
}  # fmt: skip
_ALWAYS: Final = frozenset(
    {
        "always",
        "any time",
        "anytime",
        "toujours",
        "tout le temps",
        "n importe quand",
        "peu importe",
        "altijd",
        "om het even wanneer",
    }
)
_BETWEEN: Final = frozenset("le la les l en de du des s the on in at op au et and".split())


def _table(words: Mapping[str, str]) -> dict[str, str]:
    return {key(word): meaning for meaning, said in words.items() for word in (meaning, *said.split(","))}


_INTEREST: Final = _table(_INTERESTS)
_LANGUAGE: Final = _table(_LANGUAGES)
_LEVEL: Final = _table(_LEVELS)
LANGUAGES_NAMED: Final = frozenset(_LANGUAGES)
"""Codes of the languages that are understood by name; any other by its code alone."""
_COMFORT: Final = frozenset(key(word) for word in _ANYBODY.split(","))
_DAY: Final = {word: (day,) for word, day in _table(_DAYS).items()} | _WHOLE_DAYS
_MOMENT: Final = _table(_MOMENTS)


def interest(text: str) -> Interest:
    """An interest, as in cuisine, koken or cooking."""
    found = _INTEREST.get(key(text))
    if found is None:
        raise Invalid("interest_unknown", "No interest is called %(value)s.", value=values.shown(text))
    return Interest(found)


def language(text: str) -> str:
    """A language's code, told as such or by its name."""
    return _LANGUAGE.get(key(text)) or values.language(text)


def level(text: str) -> Level:
    """A level of French: a code, or in words that somebody begins or does not read."""
    word = text.strip()
    try:
        return Level(_LEVEL.get(key(word)) or word.upper())
    except ValueError as error:
        raise Invalid(
            "level_unknown",
            "%(value)s is not a level of French: A0, A1, A2, B1, B2, C1 or C2.",
            value=values.shown(text),
        ) from error


def comfort(text: str) -> Level:
    """The lowest level somebody is at ease with: A0 means everyone."""
    found = Level.A0 if key(text) in _COMFORT else level(text)
    return Level.A0_CANNOT_READ if found is Level.A0 else found


def slots(text: str) -> list[str]:
    """Moments of the week: a code, or days and moments as in mardi soir, weekend, maandag- en woensdagavond. None for always.

    Several days with several moments are refused: which belongs to which is not told.
    """
    tidy = text.strip().lower()
    if tidy in SLOTS:
        return [tidy]
    said = key(text)
    if said in _ALWAYS:
        return []
    days: list[str] = []
    moments: list[str] = []
    for word in _parts(said):
        if word in _DAY:
            days.extend(_DAY[word])
        elif word in _MOMENT:
            moments.append(_MOMENT[word])
        else:
            return [values.slot(text)]
    if (not days and not moments) or (len(moments) > 1 and len(days) > 1):
        return [values.slot(text)]
    return [f"{day}_{moment}" for day in DAYS for moment in MOMENTS if _in(day, days) and _in(moment, moments)]


def _parts(said: str) -> list[str]:
    """Its words, with those that belong together as one and Dutch compounds (woensdagavond) as two."""
    found: list[str] = []
    joined = said.replace("apres midi", "apresmidi").replace("week end", "weekend")
    for word in joined.split():
        if word in _BETWEEN and word not in _DAY:
            continue
        whole = next(
            (
                [word[: len(word) - len(moment)], moment]
                for moment in _MOMENT
                if word.endswith(moment) and word[: len(word) - len(moment)] in _DAY
            ),
            [word],
        )
        found.extend(whole)
    return found


def _in(one: str, some: list[str]) -> bool:
    return not some or one in some
