-- What is not record: it may be lost without losing anything anyone reported. No personal value in clear.

-- A request that was carried out, so that its repeat is answered and not carried out again. `answer` holds handles only.
CREATE TABLE idempotency (
  key    BYTES  NOT NULL PRIMARY KEY,
  at     bigint NOT NULL,
  answer BYTES  NOT NULL
);
CREATE INDEX idempotency_at ON idempotency (at);

-- How far each reader of the log has come: the log is also the outbox.
CREATE TABLE cursor (
  name text   NOT NULL PRIMARY KEY,
  idx  bigint NOT NULL
);

-- A way of signing in: passkey, password hash, one-time-code secret (sealed).
CREATE TABLE credential (
  id           BYTES  NOT NULL PRIMARY KEY,
  practitioner BYTES  NOT NULL,
  kind         text   NOT NULL,
  data         BYTES  NOT NULL,
  made_at      bigint NOT NULL,
  used_at      bigint,
  ended_at     bigint
);
CREATE INDEX credential_person ON credential (practitioner);

-- A session, known by the hash of its token.
CREATE TABLE session (
  token_hash   BYTES  NOT NULL PRIMARY KEY,
  practitioner BYTES  NOT NULL,
  made_at      bigint NOT NULL,
  seen_at      bigint NOT NULL,
  ends_at      bigint NOT NULL,
  data         BYTES  NOT NULL
);
CREATE INDEX session_person ON session (practitioner);
CREATE INDEX session_end ON session (ends_at);

-- A one-time invitation, known by the hash of its token.
CREATE TABLE invitation (
  token_hash   BYTES  NOT NULL PRIMARY KEY,
  practitioner BYTES  NOT NULL,
  made_at      bigint NOT NULL,
  ends_at      bigint NOT NULL,
  used_at      bigint
);
CREATE INDEX invitation_person ON invitation (practitioner);

-- What somebody has begun to say and not yet sent, sealed.
CREATE TABLE draft (
  id      BYTES  NOT NULL PRIMARY KEY,
  owner   BYTES  NOT NULL,
  at      bigint NOT NULL,
  ends_at bigint NOT NULL,
  sealed  BYTES  NOT NULL
);
CREATE INDEX draft_owner ON draft (owner);
CREATE INDEX draft_end ON draft (ends_at);

-- How somebody who reported finds the way back: HMAC of the code, slow hash of the word, how often it was tried.
CREATE TABLE way_back (
  code            BYTES   NOT NULL PRIMARY KEY,
  word_hash       text    NOT NULL,
  reporter_stream BYTES   NOT NULL,
  concern_stream  BYTES   NOT NULL,
  off             boolean NOT NULL,
  tries           bigint  NOT NULL,
  next_try_at     bigint  NOT NULL
);
CREATE INDEX way_back_concern ON way_back (concern_stream);

-- How much of something a source has used up (the key is an HMAC, never an address), as a full bucket's time.
CREATE TABLE rate_limit (
  key     BYTES  NOT NULL PRIMARY KEY,
  full_at bigint NOT NULL,
  count   bigint NOT NULL
);
CREATE INDEX rate_limit_full ON rate_limit (full_at);
