-- Projections: folded from spines, dropped and rebuilt at will. Handles, posts, codes and times; nothing personal.

-- One row a concern (and a sealed item), for lists.
CREATE TABLE concern (
  stream          BYTES   NOT NULL PRIMARY KEY,
  reference       text    NOT NULL,
  tier            bigint  NOT NULL,
  owner_post      text    NOT NULL,
  team            text,
  told            bigint  NOT NULL,
  recorded_last   bigint  NOT NULL,
  state           text    NOT NULL,
  urgent          boolean NOT NULL,
  length          bigint  NOT NULL,
  route           text,
  category        text,
  reporter_stream BYTES
);
CREATE UNIQUE INDEX concern_reference ON concern (reference);
CREATE INDEX concern_newest ON concern (recorded_last, stream);
CREATE INDEX concern_owner ON concern (owner_post, state, recorded_last);

-- One row a duty. `next_at` is when the ticker must look at it next: NULL once nothing can happen by itself.
CREATE TABLE duty (
  id           BYTES   NOT NULL PRIMARY KEY,
  stream       BYTES   NOT NULL,
  subject      BYTES,
  kind         text    NOT NULL,
  rule         text    NOT NULL,
  post         text    NOT NULL,
  practitioner BYTES,
  standing     text,
  told         bigint  NOT NULL,
  due          bigint  NOT NULL,
  provisional  boolean NOT NULL,
  state        text    NOT NULL,
  rung         bigint  NOT NULL,
  next_at      bigint,
  child_facing boolean NOT NULL,
  owed_to      text,
  accepted_at  bigint,
  ended_at     bigint,
  lapsed_at    bigint
);
CREATE INDEX duty_ticker ON duty (next_at, id);
CREATE INDEX duty_stream ON duty (stream);
CREATE INDEX duty_mine ON duty (post, ended_at, due, id);
CREATE INDEX duty_owed ON duty (owed_to, ended_at, due, id);
CREATE INDEX duty_person ON duty (practitioner, ended_at, due, id);

-- One row a subject of a concern.
CREATE TABLE subject (
  id     BYTES NOT NULL PRIMARY KEY,
  stream BYTES NOT NULL,
  type   text  NOT NULL,
  role   text  NOT NULL,
  state  text  NOT NULL
);
CREATE INDEX subject_stream ON subject (stream);

-- Who may know that a stream exists. A principal is a post, a team, an agency, a network or a practitioner, written
-- with its sort: `post:northmere/hub`. A `barred` row beats every other.
CREATE TABLE audience (
  principal text    NOT NULL,
  stream    BYTES   NOT NULL,
  barred    boolean NOT NULL,
  PRIMARY KEY (principal, stream)
);
CREATE INDEX audience_stream ON audience (stream);

-- Keyed search terms: HMAC of a normalised word, prefix or piece. Candidates are opened and compared before shown.
CREATE TABLE term (
  term    BYTES NOT NULL,
  stream  BYTES NOT NULL,
  subject BYTES NOT NULL,
  PRIMARY KEY (term, stream, subject)
);
CREATE INDEX term_stream ON term (stream);

-- How a post is told of a duty on a rung, and what has become of it.
CREATE TABLE notice (
  id           BYTES  NOT NULL PRIMARY KEY,
  duty         BYTES,
  rung         bigint NOT NULL,
  stream       BYTES  NOT NULL,
  post         text   NOT NULL,
  practitioner BYTES,
  channel      text   NOT NULL,
  state        text   NOT NULL,
  at           bigint NOT NULL,
  tries        bigint NOT NULL,
  next_at      bigint
);
CREATE INDEX notice_stream ON notice (stream);
CREATE INDEX notice_post ON notice (post, at);
CREATE INDEX notice_due ON notice (next_at, id);

-- Who held which post, from when until when.
CREATE TABLE holding (
  practitioner BYTES  NOT NULL,
  post         text   NOT NULL,
  from_at      bigint NOT NULL,
  until_at     bigint,
  PRIMARY KEY (practitioner, post, from_at)
);
CREATE INDEX holding_post ON holding (post, from_at);
