//! The part of SQL that Splink's own libraries write, as conditions on a pair.

use crate::compare::When;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(f64),
    Mark(char),
    AtLeast,
    AtMost,
}

fn tokens(sql: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = sql.chars().peekable();
    while let Some(&c) = rest.peek() {
        rest.next();
        match c {
            c if c.is_whitespace() => {}
            '"' | '`' | '\'' => out.push(Token::Word(rest.by_ref().take_while(|x| *x != c).collect())),
            '>' | '<' => {
                let equal = rest.next_if_eq(&'=').is_some();
                out.push(match (c, equal) {
                    ('>', true) => Token::AtLeast,
                    ('<', true) => Token::AtMost,
                    (c, _) => Token::Mark(c),
                });
            }
            '(' | ')' | ',' | '=' | '.' | '-' | '[' | ']' => out.push(Token::Mark(c)),
            c if c.is_ascii_digit() => {
                let mut n = String::from(c);
                while let Some(d) = rest.next_if(|x| x.is_ascii_digit() || *x == '.' || *x == 'e') {
                    n.push(d);
                }
                out.push(Token::Number(n.parse().ok()?));
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut w = String::from(c);
                while let Some(d) = rest.next_if(|x| x.is_alphanumeric() || *x == '_') {
                    w.push(d);
                }
                out.push(Token::Word(w));
            }
            _ => return None,
        }
    }
    Some(out)
}

/// How deep brackets, NOT and harmless functions may nest: far more than Splink writes, far less than the stack holds.
const DEEPEST: usize = 64;

/// Functions that leave a column what it is: a value that is read as a date is one here too.
const HARMLESS: [&str; 7] = [
    "lower",
    "upper",
    "trim",
    "nullif",
    "coalesce",
    "try_strptime",
    "strptime",
];

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

/// One side of a column in a pair.
#[derive(Clone, Debug, PartialEq)]
struct Side {
    column: String,
    right: bool,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }
    fn eat(&mut self, t: &Token) -> bool {
        let hit = self.peek() == Some(t);
        self.at += usize::from(hit);
        hit
    }
    fn word(&mut self, w: &str) -> bool {
        let hit = matches!(self.peek(), Some(Token::Word(x)) if x.eq_ignore_ascii_case(w));
        self.at += usize::from(hit);
        hit
    }
    fn number(&mut self) -> Option<f64> {
        let n = match self.peek()? {
            Token::Number(n) => *n,
            _ => return None,
        };
        self.at += 1;
        Some(n)
    }

    fn any(&mut self) -> Option<When> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Some(if parts.len() == 1 {
            parts.remove(0)
        } else {
            When::Any(parts)
        })
    }

    fn all(&mut self) -> Option<When> {
        let mut parts = vec![self.single()?];
        while self.word("and") {
            parts.push(self.single()?);
        }
        if let [Atom::Cross(a, b), Atom::Cross(c, d)] = parts.as_slice()
            && a == d
            && b == c
        {
            return Some(When::Reversed {
                first: a.clone(),
                second: b.clone(),
            });
        }
        let mut whens = parts.into_iter().map(Atom::when).collect::<Option<Vec<_>>>()?;
        Some(if whens.len() == 1 {
            whens.remove(0)
        } else {
            When::All(whens)
        })
    }

    /// One step down; the file comes from outside, so its depth is no measure of ours.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let found = inner(self);
        self.depth -= 1;
        found
    }

    fn single(&mut self) -> Option<Atom> {
        if self.word("not") {
            return Some(Atom::When(When::Not(Box::new(
                self.deeper(Self::single)?.when()?,
            ))));
        }
        let start = self.at;
        if self.eat(&Token::Mark('(')) {
            let inside = self.at;
            if let Some(one) = self.comparison()
                && self.eat(&Token::Mark(')'))
            {
                return Some(one);
            }
            self.at = inside;
            if let Some(inner) = self.deeper(Self::any)
                && self.eat(&Token::Mark(')'))
            {
                return Some(Atom::When(inner));
            }
            self.at = start;
        }
        self.comparison()
    }

    /// `"x_l"`, `l."x"`, or a harmless function of either.
    fn side(&mut self) -> Option<Side> {
        let Some(Token::Word(w)) = self.peek().cloned() else {
            return None;
        };
        self.at += 1;
        if HARMLESS.iter().any(|f| w.eq_ignore_ascii_case(f)) && self.eat(&Token::Mark('(')) {
            let inner = self.deeper(Self::side)?;
            while !self.eat(&Token::Mark(')')) {
                self.peek()?;
                self.at += 1;
            }
            return Some(inner);
        }
        if (w == "l" || w == "r") && self.eat(&Token::Mark('.')) {
            let Some(Token::Word(column)) = self.peek().cloned() else {
                return None;
            };
            self.at += 1;
            return Some(Side {
                column,
                right: w == "r",
            });
        }
        let column = w.strip_suffix("_l").or_else(|| w.strip_suffix("_r"))?;
        Some(Side {
            column: column.to_owned(),
            right: w.ends_with("_r"),
        })
    }

    fn comparison(&mut self) -> Option<Atom> {
        let start = self.at;
        if let Some(found) = self.function() {
            return Some(Atom::When(found));
        }
        self.at = start;
        if let Some(found) = self.days() {
            return Some(Atom::When(found));
        }
        self.at = start;
        let a = self.side()?;
        if self.word("is") {
            let not = self.word("not");
            if !self.word("null") {
                return None;
            }
            let missing = When::Missing(a.column);
            return Some(Atom::When(if not {
                When::Not(Box::new(missing))
            } else {
                missing
            }));
        }
        if !self.eat(&Token::Mark('=')) {
            return None;
        }
        if let Some(Token::Word(w)) = self.peek().cloned()
            && !w.ends_with("_l")
            && !w.ends_with("_r")
            && w != "l"
            && w != "r"
        {
            self.at += 1;
            return Some(Atom::When(When::Literal {
                column: a.column,
                value: w,
            }));
        }
        let b = self.side()?;
        if a.right == b.right {
            return None;
        }
        let (l, r) = if a.right {
            (b.column, a.column)
        } else {
            (a.column, b.column)
        };
        Some(if l == r {
            Atom::When(When::Exact(l))
        } else {
            Atom::Cross(l, r)
        })
    }

    /// `abs(epoch(x_l) - epoch(x_r)) <= seconds`: dates at most so many whole days apart.
    fn days(&mut self) -> Option<When> {
        let open = Token::Mark('(');
        let close = Token::Mark(')');
        let instant = |p: &mut Self| {
            let side = (p.word("epoch") && p.eat(&open)).then(|| p.side())??;
            p.eat(&close).then_some(side)
        };
        if !self.word("abs") || !self.eat(&open) {
            return None;
        }
        let a = instant(self)?;
        if !self.eat(&Token::Mark('-')) {
            return None;
        }
        let b = instant(self)?;
        let apart = self.eat(&close) && self.eat(&Token::AtMost);
        if !apart || a.column != b.column || a.right == b.right {
            return None;
        }
        let days = self.number()? / 86_400.0;
        (days >= 1.0).then_some(When::Days {
            column: a.column,
            at_most: days,
        })
    }

    fn function(&mut self) -> Option<When> {
        let Some(Token::Word(name)) = self.peek().cloned() else {
            return None;
        };
        self.at += 1;
        if !self.eat(&Token::Mark('(')) {
            return None;
        }
        let a = self.side()?;
        if !self.eat(&Token::Mark(',')) {
            return None;
        }
        let b = self.side()?;
        if !self.eat(&Token::Mark(')')) || a.column != b.column || a.right == b.right {
            return None;
        }
        let least = self.eat(&Token::AtLeast);
        if !least && !self.eat(&Token::AtMost) {
            return None;
        }
        let n = self.number()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small count of edits"
        )]
        let edits = n.max(0.0) as usize;
        let column = a.column;
        match (name.to_ascii_lowercase().as_str(), least) {
            ("jaro_winkler_similarity" | "jaro_winkler" | "jarowinkler", true) => {
                Some(When::JaroWinkler { column, at_least: n })
            }
            ("jaro_similarity" | "jaro", true) => Some(When::Jaro { column, at_least: n }),
            ("levenshtein" | "editdist3", false) => Some(When::Levenshtein {
                column,
                at_most: edits,
            }),
            ("damerau_levenshtein", false) => Some(When::DamerauLevenshtein {
                column,
                at_most: edits,
            }),
            _ => None,
        }
    }
}

/// A condition, or half of a reversed pair of columns.
enum Atom {
    When(When),
    Cross(String, String),
}

impl Atom {
    fn when(self) -> Option<When> {
        match self {
            Self::When(w) => Some(w),
            Self::Cross(..) => None,
        }
    }
}

/// The meaning of a condition, if every part of it is understood.
pub(super) fn condition(sql: &str) -> Option<When> {
    if sql.trim().eq_ignore_ascii_case("else") {
        return Some(When::Otherwise);
    }
    let mut p = Parser {
        tokens: tokens(sql)?,
        at: 0,
        depth: 0,
    };
    let when = p.any()?;
    (p.at == p.tokens.len()).then_some(when)
}
