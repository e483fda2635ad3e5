CREATE TABLE public.announcements (
    id integer NOT NULL,
    paused boolean NOT NULL,
    message text NOT NULL,
    banner text NOT NULL,
    changed_by character varying(254) NOT NULL,
    changed_at bigint NOT NULL
);
CREATE SEQUENCE public.announcements_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.announcements_id_seq OWNED BY public.announcements.id;
CREATE TABLE public.choices (
    id character varying(32) NOT NULL,
    reply_id character varying(32) NOT NULL,
    "position" integer NOT NULL,
    label text NOT NULL,
    payload text NOT NULL
);
CREATE TABLE public.daily_figures (
    day date NOT NULL,
    kind character varying(16) NOT NULL,
    subject character varying(80) NOT NULL,
    language character varying(16) NOT NULL,
    count integer NOT NULL,
    total_ms bigint NOT NULL
);
CREATE TABLE public.erasures (
    session_id character varying(32) NOT NULL
);
CREATE TABLE public.feedback (
    reply_id character varying(32) NOT NULL,
    verdict character varying(16) NOT NULL,
    comment text NOT NULL,
    given_on date NOT NULL
);
CREATE TABLE public.fiche_versions (
    id integer NOT NULL,
    slug character varying(64) NOT NULL,
    at bigint NOT NULL,
    who character varying(254) NOT NULL,
    reason text NOT NULL,
    text text NOT NULL
);
CREATE SEQUENCE public.fiche_versions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.fiche_versions_id_seq OWNED BY public.fiche_versions.id;
CREATE TABLE public.heartbeat (
    id integer NOT NULL,
    beats integer NOT NULL
);
CREATE SEQUENCE public.heartbeat_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.heartbeat_id_seq OWNED BY public.heartbeat.id;
CREATE TABLE public.journal (
    id integer NOT NULL,
    at bigint NOT NULL,
    who character varying(254) NOT NULL,
    action character varying(100) NOT NULL,
    target text NOT NULL,
    reason text NOT NULL,
    details json NOT NULL
);
CREATE SEQUENCE public.journal_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.journal_id_seq OWNED BY public.journal.id;
CREATE TABLE public.outbox (
    code character varying(32) NOT NULL,
    tries integer NOT NULL,
    next_at bigint NOT NULL
);
CREATE TABLE public.question_groups (
    id integer NOT NULL,
    text text NOT NULL,
    words text NOT NULL,
    subject character varying(80) NOT NULL,
    importance double precision NOT NULL,
    asked integer NOT NULL,
    score double precision NOT NULL,
    last_on date NOT NULL,
    decision character varying(16),
    target character varying(80),
    note text NOT NULL,
    decided_by character varying(254),
    decided_on date
);
CREATE SEQUENCE public.question_groups_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.question_groups_id_seq OWNED BY public.question_groups.id;
CREATE TABLE public.questions (
    id integer NOT NULL,
    turn_id integer,
    group_id integer,
    asked_on date NOT NULL,
    release character varying(64) NOT NULL,
    text text NOT NULL,
    language character varying(16) NOT NULL,
    answered character varying(80),
    kind character varying(16) NOT NULL,
    subject character varying(80) NOT NULL,
    confidence double precision NOT NULL,
    candidates json NOT NULL,
    doubt double precision NOT NULL,
    verdict character varying(16),
    sampled character varying(8),
    judged boolean NOT NULL
);
CREATE SEQUENCE public.questions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.questions_id_seq OWNED BY public.questions.id;
CREATE TABLE public.replies (
    id character varying(32) NOT NULL,
    turn_id integer NOT NULL,
    "position" integer NOT NULL,
    body json NOT NULL
);
CREATE TABLE public.request_states (
    code character varying(32) NOT NULL,
    state character varying(20) NOT NULL,
    note json NOT NULL,
    changed_by character varying(254) NOT NULL,
    changed_on date NOT NULL
);
CREATE TABLE public.requests (
    code character varying(32) NOT NULL,
    kind character varying(32) NOT NULL,
    fields json NOT NULL,
    created_on date NOT NULL
);
CREATE TABLE public.sample_verdicts (
    id integer NOT NULL,
    week character varying(8) NOT NULL,
    is_right boolean NOT NULL,
    judged_on date NOT NULL
);
CREATE SEQUENCE public.sample_verdicts_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sample_verdicts_id_seq OWNED BY public.sample_verdicts.id;
CREATE TABLE public.sessions (
    id character varying(32) NOT NULL,
    began_on date NOT NULL,
    first_key character varying(64)
);
CREATE TABLE public.staff (
    id integer NOT NULL,
    email character varying(254) NOT NULL,
    password_hash character varying(200),
    role character varying(16) NOT NULL,
    created_on date NOT NULL,
    disabled boolean NOT NULL
);
CREATE SEQUENCE public.staff_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.staff_id_seq OWNED BY public.staff.id;
CREATE TABLE public.staff_links (
    token_hash character varying(64) NOT NULL,
    staff_id integer,
    expires_at bigint NOT NULL
);
CREATE TABLE public.staff_sessions (
    token_hash character varying(64) NOT NULL,
    staff_id integer NOT NULL,
    began_at bigint NOT NULL,
    seen_at bigint NOT NULL
);
CREATE TABLE public.taken_down (
    slug character varying(64) NOT NULL,
    at bigint NOT NULL,
    who character varying(254) NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.turns (
    id integer NOT NULL,
    session_id character varying(32) NOT NULL,
    client_id character varying(64),
    fingerprint character varying(64) NOT NULL,
    message text NOT NULL,
    release character varying(64) NOT NULL
);
CREATE SEQUENCE public.turns_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.turns_id_seq OWNED BY public.turns.id;
ALTER TABLE ONLY public.announcements ALTER COLUMN id SET DEFAULT nextval('public.announcements_id_seq'::regclass);
ALTER TABLE ONLY public.fiche_versions ALTER COLUMN id SET DEFAULT nextval('public.fiche_versions_id_seq'::regclass);
ALTER TABLE ONLY public.heartbeat ALTER COLUMN id SET DEFAULT nextval('public.heartbeat_id_seq'::regclass);
ALTER TABLE ONLY public.journal ALTER COLUMN id SET DEFAULT nextval('public.journal_id_seq'::regclass);
ALTER TABLE ONLY public.question_groups ALTER COLUMN id SET DEFAULT nextval('public.question_groups_id_seq'::regclass);
ALTER TABLE ONLY public.questions ALTER COLUMN id SET DEFAULT nextval('public.questions_id_seq'::regclass);
ALTER TABLE ONLY public.sample_verdicts ALTER COLUMN id SET DEFAULT nextval('public.sample_verdicts_id_seq'::regclass);
ALTER TABLE ONLY public.staff ALTER COLUMN id SET DEFAULT nextval('public.staff_id_seq'::regclass);
ALTER TABLE ONLY public.turns ALTER COLUMN id SET DEFAULT nextval('public.turns_id_seq'::regclass);
INSERT INTO public.announcements VALUES (1, false, '', 'Fermé lundi', 'agent@ville.example', 1763640000);
INSERT INTO public.choices VALUES ('cccccccccccccccccccccc', 'ssssssssssssssssssssss', 0, 'L’axe 5', '/axe_5');
INSERT INTO public.daily_figures VALUES ('2026-11-20', 'answer', 'list_quartier', 'fr', 3, 120);
INSERT INTO public.erasures VALUES ('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee');
INSERT INTO public.feedback VALUES ('rrrrrrrrrrrrrrrrrrrrrr', 'utile', 'merci à [nom]', '2026-11-20');
INSERT INTO public.fiche_versions VALUES (1, 'nord', 1763640000, 'agent@ville.example', 'essai', '---
titre: Nord
Le nord.
');
INSERT INTO public.heartbeat VALUES (1, 7);
INSERT INTO public.journal VALUES (1, 1763640000, 'agent@ville.example', 'Compte ajouté', 'agent@ville.example', '', '{"role": "publication"}');
INSERT INTO public.outbox VALUES ('ABCD-EFGH', 2, 1763640000);
INSERT INTO public.question_groups VALUES (1, 'je suis [nom], et l’axe 5 ?', 'je suis nom et l axe 5', 'axe_5', 0.5, 1, 0.5, '2026-11-20', NULL, NULL, '', NULL, NULL);
INSERT INTO public.questions VALUES (1, 2, 1, '2026-11-20', 'r1', 'je suis [nom], et l’axe 5 ?', 'fr', NULL, 'clarify', 'axe_5', 0.42, '[["axe_4", 0.2]]', 0.58, NULL, NULL, false);
INSERT INTO public.replies VALUES ('rrrrrrrrrrrrrrrrrrrrrr', 1, 0, '{"kind": "answer", "text": "Deux quartiers : \u00ab le nord \u00bb et \u00ab le sud \u00bb."}');
INSERT INTO public.replies VALUES ('ssssssssssssssssssssss', 2, 0, '{"kind": "clarify", "text": "Lequel ?"}');
INSERT INTO public.request_states VALUES ('ABCD-EFGH', 'en_cours', '{"sealed": "gAAAAABrCeS4snL9QBhVyV2o9vTerRnn8xZ1oIc3OUzF9Zc_rsO7ae3W8FQ1hcXh-EMx4AgaUd0o8BuZ2g2td9p7gT5E9pNmGYaFIh6Eq9Ukues9sKZIO5I="}', 'agent@ville.example', '2026-11-20');
INSERT INTO public.requests VALUES ('ABCD-EFGH', 'message', '{"sealed": "gAAAAABrCeS45vPkos_TG-KX66cWVEy_a4ykxVE96uZuIttxfi3_p8LmWyYI3c-mvLy7tMlwgSP7Y7dgk0Zl_QlEgtoUzcanP8m-g19-JsxMbw8uPQUxUuhGEKUVqGqFVlIpFImyaZnx"}', '2026-11-20');
INSERT INTO public.sample_verdicts VALUES (1, '2026-W47', true, '2026-11-20');
INSERT INTO public.sessions VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-11-20', 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff');
INSERT INTO public.sessions VALUES ('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', '2026-11-20', NULL);
INSERT INTO public.staff VALUES (1, 'agent@ville.example', NULL, 'publication', '2026-11-20', false);
INSERT INTO public.staff_links VALUES ('llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll', 1, 1763640000);
INSERT INTO public.staff_sessions VALUES ('kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk', 1, 1763640000, 1763640000);
INSERT INTO public.taken_down VALUES ('nord', 1763640000, 'agent@ville.example', 'à revoir');
INSERT INTO public.turns VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'client-0001', '1111111111111111111111111111111111111111111111111111111111111111', 'quels quartiers ?', 'r1');
INSERT INTO public.turns VALUES (2, 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', NULL, '2222222222222222222222222222222222222222222222222222222222222222', 'je suis [nom], et l’axe 5 ?', 'r1');
SELECT pg_catalog.setval('public.announcements_id_seq', 1, false);
SELECT pg_catalog.setval('public.fiche_versions_id_seq', 1, false);
SELECT pg_catalog.setval('public.heartbeat_id_seq', 1, false);
SELECT pg_catalog.setval('public.journal_id_seq', 1, false);
SELECT pg_catalog.setval('public.question_groups_id_seq', 1, false);
SELECT pg_catalog.setval('public.questions_id_seq', 1, false);
SELECT pg_catalog.setval('public.sample_verdicts_id_seq', 1, false);
SELECT pg_catalog.setval('public.staff_id_seq', 1, false);
SELECT pg_catalog.setval('public.turns_id_seq', 1, false);
ALTER TABLE ONLY public.announcements
    ADD CONSTRAINT announcements_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT choices_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.daily_figures
    ADD CONSTRAINT daily_figures_pkey PRIMARY KEY (day, kind, subject, language);
ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (session_id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_pkey PRIMARY KEY (reply_id);
ALTER TABLE ONLY public.fiche_versions
    ADD CONSTRAINT fiche_versions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.heartbeat
    ADD CONSTRAINT heartbeat_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.journal
    ADD CONSTRAINT journal_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.question_groups
    ADD CONSTRAINT question_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.request_states
    ADD CONSTRAINT request_states_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (code);
ALTER TABLE ONLY public.sample_verdicts
    ADD CONSTRAINT sample_verdicts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_first_key_key UNIQUE (first_key);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_email_key UNIQUE (email);
ALTER TABLE ONLY public.staff_links
    ADD CONSTRAINT staff_links_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.taken_down
    ADD CONSTRAINT taken_down_pkey PRIMARY KEY (slug);
ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_session_id_client_id_key UNIQUE (session_id, client_id);
CREATE INDEX by_usefulness ON public.question_groups USING btree (decision, score);
CREATE INDEX ix_choices_reply_id ON public.choices USING btree (reply_id);
CREATE INDEX ix_fiche_versions_slug ON public.fiche_versions USING btree (slug);
CREATE INDEX ix_journal_action ON public.journal USING btree (action);
CREATE INDEX ix_journal_at ON public.journal USING btree (at);
CREATE INDEX ix_journal_who ON public.journal USING btree (who);
CREATE INDEX ix_outbox_next_at ON public.outbox USING btree (next_at);
CREATE INDEX ix_question_groups_subject ON public.question_groups USING btree (subject);
CREATE INDEX ix_question_groups_words ON public.question_groups USING btree (words);
CREATE INDEX ix_questions_asked_on ON public.questions USING btree (asked_on);
CREATE INDEX ix_questions_group_id ON public.questions USING btree (group_id);
CREATE INDEX ix_questions_sampled ON public.questions USING btree (sampled);
CREATE INDEX ix_questions_turn_id ON public.questions USING btree (turn_id);
CREATE INDEX ix_replies_turn_id ON public.replies USING btree (turn_id);
CREATE INDEX ix_requests_created_on ON public.requests USING btree (created_on);
CREATE INDEX ix_sample_verdicts_week ON public.sample_verdicts USING btree (week);
CREATE INDEX ix_sessions_began_on ON public.sessions USING btree (began_on);
CREATE INDEX ix_staff_links_staff_id ON public.staff_links USING btree (staff_id);
CREATE INDEX ix_staff_sessions_staff_id ON public.staff_sessions USING btree (staff_id);
CREATE INDEX ix_turns_session_id ON public.turns USING btree (session_id);
ALTER TABLE ONLY public.choices
    ADD CONSTRAINT choices_reply_id_fkey FOREIGN KEY (reply_id) REFERENCES public.replies(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT feedback_reply_id_fkey FOREIGN KEY (reply_id) REFERENCES public.replies(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_code_fkey FOREIGN KEY (code) REFERENCES public.requests(code) ON DELETE CASCADE;
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.question_groups(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_turn_id_fkey FOREIGN KEY (turn_id) REFERENCES public.turns(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.request_states
    ADD CONSTRAINT request_states_code_fkey FOREIGN KEY (code) REFERENCES public.requests(code) ON DELETE CASCADE;
ALTER TABLE ONLY public.staff_links
    ADD CONSTRAINT staff_links_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT staff_sessions_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES public.staff(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.turns
    ADD CONSTRAINT turns_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;
