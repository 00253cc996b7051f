"""Match-keys, written from docs/spec/match-keys.md and its table file, not from the software."""
import datetime

DIGITS = "0123456789"


def digits(text):
    return "".join(c for c in text if c in DIGITS)


def only_digits(text):
    return bool(text) and all(c in DIGITS for c in text)


def lower(text):
    return "".join(c.lower() for c in text)


def plain(text):
    return text.strip()


class Keys:
    def __init__(self, tables):
        self.tables = tables
        self.letters = dict(tables["letters"])
        self.families = [self.roots(tables[f"{name}_families"]) for name in ("forename", "surname")]

    @staticmethod
    def roots(families):
        out = {}
        for family in families:
            for member in family.split(" "):
                out.setdefault(member, family.split(" ")[0])
        return out

    # section 2

    @staticmethod
    def date(text):
        parts = plain(text).split("-", 2)
        if [len(part) for part in parts] != [4, 2, 2] or not all(map(only_digits, parts)):
            return None
        year, month, day = map(int, parts)
        try:
            datetime.date(year, month, day)
        except ValueError:
            return None
        return (year, month, day) if 1880 <= year <= 2200 and (month, day) != (1, 1) else None

    def postcode(self, text):
        unit = "".join(c.upper() if c.isascii() else c for c in text if not c.isspace())
        if not unit.isascii() or not 5 <= len(unit) <= 7:
            return None
        district, rest = unit[:-3], unit[-3:]
        letter = lambda c: "A" <= c <= "Z"
        count = next((n for n, c in enumerate(district) if not letter(c)), len(district))
        tail = district[count:]
        well = rest[0] in DIGITS and letter(rest[1]) and letter(rest[2]) and count in (1, 2) and 1 <= len(tail) <= 2
        well = well and tail[0] in DIGITS and (len(tail) == 1 or letter(tail[1]) or tail[1] in DIGITS)
        if not well or district.startswith("ZZ") or unit in self.tables["pseudo_postcodes"]:
            return None
        return district, unit

    @staticmethod
    def nhs(text):
        number = "".join(c for c in text if not c.isspace() and c != "-")
        if len(number) != 10 or not only_digits(number) or len(set(number)) == 1:
            return None
        check = (11 - sum(int(d) * (11 - i) for i, d in enumerate(number[:9], 1)) % 11) % 11
        return number if check == int(number[9]) else None

    @staticmethod
    def phone(text):
        text = plain(text).replace("(0)", "")
        if any(c.isalpha() for c in text):
            return None
        number = digits(text)
        if text.startswith("00"):
            number = number[2:]
        elif text.startswith("+"):
            pass
        elif number.startswith("0"):
            number = "44" + number[1:]
        elif not (number.startswith("44") and len(number) >= 11):
            return None
        length = (11, 12) if number.startswith("44") else (8, 15)
        same = len(set(number[2:])) <= 1
        return "+" + number if length[0] <= len(number) <= length[1] and number[0] != "0" and not same else None

    @staticmethod
    def vehicle(text):
        mark = "".join(c.upper() for c in text if c.isascii() and c.isalnum())
        return mark if 2 <= len(mark) <= 8 and digits(mark) and digits(mark) != mark else None

    @staticmethod
    def account(platform, account):
        platform, account = (lower(plain(text).lstrip("@")) for text in (platform, account))
        fits = lambda text: 0 < len(text.encode()) <= 64 and not set(text) & {"|", " ", "\x1f"}
        return f"{platform}|{account}" if fits(platform) and fits(account) and len(account) >= 3 else None

    @staticmethod
    def device(text):
        number = digits(text)
        body = number[:14]
        total = sum(int(d) if n % 2 == 0 else sum(divmod(2 * int(d), 10)) for n, d in enumerate(body))
        well = len(number) == 16 or (len(number) == 15 and number[14] == str(-total % 10))
        return body if well and body.strip("0") else None

    @staticmethod
    def property(text):
        number = plain(text)
        return number.lstrip("0") if only_digits(number) and 1 <= len(number.lstrip("0")) <= 12 else None

    # sections 3 and 4

    def words(self, text):
        out = [""]
        for c in text[:200]:
            if c in "'’‘`ʼʻ":
                continue
            if c.isspace() or c in "-‐‑–.,/":
                out.append("")
                continue
            c = c.lower()[0]
            out[-1] += c if "a" <= c <= "z" else self.letters.get(c, "")
        return [word for word in out if word and word not in self.tables["titles"]]

    def forename(self, text):
        words = self.words(text)
        if not words:
            return None
        name = words.pop(0)
        while name in self.tables["joined_forenames"]:
            if not words:
                return None
            name += words.pop(0)
        return name

    def surnames(self, text):
        out, before = [], ""
        canonical = lambda name: "mac" + name[2:] if name.startswith("mc") and len(name) >= 4 else name
        for word in self.words(text):
            before += word
            if word not in self.tables["particles"]:
                out.append(canonical(before))
                before = ""
        if not out and before:
            out = [canonical(before)]
        out = [name for n, name in enumerate(out) if n == 0 or out[n - 1] != name]
        return [out[0], out[-1]] if len(out) > 2 else out

    def letter(self, rest, start, before):
        follows = rest[1:2]
        if rest[0] == "g" and follows == "h":
            return "", 2
        soft = follows in tuple("eiy")
        simple = dict(zip("pkqdtfvjlmnrszx", "P K K T T F F J L M N R S S KS".split()))
        found = {
            "y": "Y" if start and follows in tuple("aeiou") else ".",
            "h": "H" if start else "",
            "w": "W" if start else "",
            "b": "" if len(rest) == 1 and before == "m" else "P",
            "c": "S" if soft else "K",
            "g": "J" if soft else "K",
        }
        return ("." if rest[0] in "aeiou" else found.get(rest[0], simple.get(rest[0], ""))), 1

    def sound(self, name, families):
        if name is None or len(name) < 2:
            return None
        name = families.get(name, name)
        out, at, since_vowel = "", 0, True
        while at < len(name):
            rest, start = name[at:], at == 0
            groups = (self.tables["sound_initial"] if start else []) + self.tables["sound_groups"]
            sound, taken = next(
                ((sound, len(group)) for group, sound in groups if rest.startswith(group)),
                None,
            ) or self.letter(rest, start, name[at - 1 : at])
            at += taken
            if sound == ".":
                since_vowel = True
                out += {"a": "A", "o": "O", "u": "O"}.get(rest[0], "E") if start else ""
                continue
            for capital in sound:
                out += capital if since_vowel or out[-1:] != capital else ""
            since_vowel = since_vowel and not sound
            if len(out) >= 6:
                out = out[:6]
                break
        if len([c for c in out if c not in "AEO"]) < 2:
            out += next(({"a": "1", "o": "3", "u": "3", "w": "3"}.get(c, "2") for c in name if c in "aeiouwy"), "")
        return out or None

    # section 5

    def keys(self, facts):
        fore, surs = self.forename(facts["forename"]), self.surnames(facts["surname"])
        f, date = self.sound(fore, self.families[0]), self.date(facts["date"])
        district, unit = self.postcode(facts["postcode"]) or (None, None)
        whole = date and "%04d%02d%02d" % date
        day_month = date and "%02d%02d" % (min(date[1:]), max(date[1:]))
        out = [(1, [self.nhs(facts["nhs"])])]
        for n, sur in enumerate(surs):
            s = self.sound(sur, self.families[1])
            made = [(2, [f, s, whole]), (6, [s, whole, unit]), (7, [f, s, unit])]
            pair = fore and len(fore) > 1
            if pair:
                made.append((3, [fore[:3], sur[:3], whole]))
            if n == 0:
                made += [(4, sorted([fore, sur]) + [whole])] if pair else []
                made += [(5, [f, whole, unit]), (8, [f, s, district, day_month])]
                made.append((9, [f, s, district, date and "%04d%02d" % date[:2]]))
            out += made + [(14, [self.property(facts["property"]), s])]
        out += [(10, [self.phone(text)]) for text in facts["phones"]]
        out += [(11, [self.vehicle(text)]) for text in facts["vehicles"]]
        out += [(12, [self.account(*pair)]) for pair in facts["handles"]]
        out += [(13, [self.device(text)]) for text in facts["devices"]]
        keys = {(kind, "|".join(parts)) for kind, parts in out if all(part is not None for part in parts)}
        return [list(key) for key in sorted(keys, key=lambda key: (key[0], key[1].encode()))[:16]]
