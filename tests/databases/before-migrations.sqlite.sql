BEGIN TRANSACTION;
CREATE TABLE announcements (
	id INTEGER NOT NULL,
	paused BOOLEAN NOT NULL,
	message TEXT NOT NULL,
	banner TEXT NOT NULL,
	changed_by VARCHAR(254) NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "announcements" VALUES(1,0,'','Fermé lundi','agent@ville.example',1763640000);
CREATE TABLE choices (
	id VARCHAR(32) NOT NULL,
	reply_id VARCHAR(32) NOT NULL,
	position INTEGER NOT NULL,
	label TEXT NOT NULL,
	payload TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(reply_id) REFERENCES replies (id) ON DELETE CASCADE
);
INSERT INTO "choices" VALUES('cccccccccccccccccccccc','ssssssssssssssssssssss',0,'L’axe 5','/axe_5');
CREATE TABLE daily_figures (
	day DATE NOT NULL,
	kind VARCHAR(16) NOT NULL,
	subject VARCHAR(80) NOT NULL,
	language VARCHAR(16) NOT NULL,
	count INTEGER NOT NULL,
	total_ms BIGINT NOT NULL,
	PRIMARY KEY (day, kind, subject, language)
);
INSERT INTO "daily_figures" VALUES('2026-11-20','answer','list_quartier','fr',3,120);
CREATE TABLE erasures (
	session_id VARCHAR(32) NOT NULL,
	PRIMARY KEY (session_id)
);
INSERT INTO "erasures" VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee');
CREATE TABLE feedback (
	reply_id VARCHAR(32) NOT NULL,
	verdict VARCHAR(16) NOT NULL,
	comment TEXT NOT NULL,
	given_on DATE NOT NULL,
	PRIMARY KEY (reply_id),
	FOREIGN KEY(reply_id) REFERENCES replies (id) ON DELETE CASCADE
);
INSERT INTO "feedback" VALUES('rrrrrrrrrrrrrrrrrrrrrr','utile','merci à [nom]','2026-11-20');
CREATE TABLE fiche_versions (
	id INTEGER NOT NULL,
	slug VARCHAR(64) NOT NULL,
	at BIGINT NOT NULL,
	who VARCHAR(254) NOT NULL,
	reason TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "fiche_versions" VALUES(1,'nord',1763640000,'agent@ville.example','essai','---
titre: Nord
---
Le nord.
');
CREATE TABLE heartbeat (
	id INTEGER NOT NULL,
	beats INTEGER NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "heartbeat" VALUES(1,7);
CREATE TABLE journal (
	id INTEGER NOT NULL,
	at BIGINT NOT NULL,
	who VARCHAR(254) NOT NULL,
	action VARCHAR(100) NOT NULL,
	target TEXT NOT NULL,
	reason TEXT NOT NULL,
	details JSON NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES(1,1763640000,'agent@ville.example','Compte ajouté','agent@ville.example','','{"role": "publication"}');
CREATE TABLE outbox (
	code VARCHAR(32) NOT NULL,
	tries INTEGER NOT NULL,
	next_at BIGINT NOT NULL,
	PRIMARY KEY (code),
	FOREIGN KEY(code) REFERENCES requests (code) ON DELETE CASCADE
);
INSERT INTO "outbox" VALUES('ABCD-EFGH',2,1763640000);
CREATE TABLE question_groups (
	id INTEGER NOT NULL,
	text TEXT NOT NULL,
	words TEXT NOT NULL,
	subject VARCHAR(80) NOT NULL,
	importance FLOAT NOT NULL,
	asked INTEGER NOT NULL,
	score FLOAT NOT NULL,
	last_on DATE NOT NULL,
	decision VARCHAR(16),
	target VARCHAR(80),
	note TEXT NOT NULL,
	decided_by VARCHAR(254),
	decided_on DATE,
	PRIMARY KEY (id)
);
INSERT INTO "question_groups" VALUES(1,'je suis [nom], et l’axe 5 ?','je suis nom et l axe 5','axe_5',0.5,1,0.5,'2026-11-20',NULL,NULL,'',NULL,NULL);
CREATE TABLE questions (
	id INTEGER NOT NULL,
	turn_id INTEGER,
	group_id INTEGER,
	asked_on DATE NOT NULL,
	release VARCHAR(64) NOT NULL,
	text TEXT NOT NULL,
	language VARCHAR(16) NOT NULL,
	answered VARCHAR(80),
	kind VARCHAR(16) NOT NULL,
	subject VARCHAR(80) NOT NULL,
	confidence FLOAT NOT NULL,
	candidates JSON NOT NULL,
	doubt FLOAT NOT NULL,
	verdict VARCHAR(16),
	sampled VARCHAR(8),
	judged BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(turn_id) REFERENCES turns (id) ON DELETE CASCADE,
	FOREIGN KEY(group_id) REFERENCES question_groups (id) ON DELETE CASCADE
);
INSERT INTO "questions" VALUES(1,2,1,'2026-11-20','r1','je suis [nom], et l’axe 5 ?','fr',NULL,'clarify','axe_5',0.42,'[["axe_4", 0.2]]',0.58,NULL,NULL,0);
CREATE TABLE replies (
	id VARCHAR(32) NOT NULL,
	turn_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	body JSON NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(turn_id) REFERENCES turns (id) ON DELETE CASCADE
);
INSERT INTO "replies" VALUES('rrrrrrrrrrrrrrrrrrrrrr',1,0,'{"kind": "answer", "text": "Deux quartiers : \u00ab le nord \u00bb et \u00ab le sud \u00bb."}');
INSERT INTO "replies" VALUES('ssssssssssssssssssssss',2,0,'{"kind": "clarify", "text": "Lequel ?"}');
CREATE TABLE request_states (
	code VARCHAR(32) NOT NULL,
	state VARCHAR(20) NOT NULL,
	note JSON NOT NULL,
	changed_by VARCHAR(254) NOT NULL,
	changed_on DATE NOT NULL,
	PRIMARY KEY (code),
	FOREIGN KEY(code) REFERENCES requests (code) ON DELETE CASCADE
);
INSERT INTO "request_states" VALUES('ABCD-EFGH','en_cours','{"sealed": "gAAAAABrCeSSQNl_WpKzCwE_wDIHC_CziMoPx_tmD9BCGNvRQKnMFzfQteOilT5Mkb9QT3tK6PgRiRFIOhvEoF9Es_9gLJ1dFiDicjESB_C7fD9JVMHb0dU="}','agent@ville.example','2026-11-20');
CREATE TABLE requests (
	code VARCHAR(32) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	fields JSON NOT NULL,
	created_on DATE NOT NULL,
	PRIMARY KEY (code)
);
INSERT INTO "requests" VALUES('ABCD-EFGH','message','{"sealed": "gAAAAABrCeSSPg3TH_7ahWixL10Msjh5yHJh8Vw5puKi5QavPk_R2dl0i1bM3WX3jWfLE6MedOXqYw_LYzDpZPVsVBz-TVqucJRk2NUVR8agzgkFFNmyrO3fvPS8cVsQp8TvX-J75nNL"}','2026-11-20');
CREATE TABLE sample_verdicts (
	id INTEGER NOT NULL,
	week VARCHAR(8) NOT NULL,
	is_right BOOLEAN NOT NULL,
	judged_on DATE NOT NULL,
	PRIMARY KEY (id)
);
INSERT INTO "sample_verdicts" VALUES(1,'2026-W47',1,'2026-11-20');
CREATE TABLE sessions (
	id VARCHAR(32) NOT NULL,
	began_on DATE NOT NULL,
	first_key VARCHAR(64),
	PRIMARY KEY (id),
	UNIQUE (first_key)
);
INSERT INTO "sessions" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','2026-11-20','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff');
INSERT INTO "sessions" VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','2026-11-20',NULL);
CREATE TABLE staff (
	id INTEGER NOT NULL,
	email VARCHAR(254) NOT NULL,
	password_hash VARCHAR(200),
	role VARCHAR(16) NOT NULL,
	created_on DATE NOT NULL,
	disabled BOOLEAN NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (email)
);
INSERT INTO "staff" VALUES(1,'agent@ville.example',NULL,'publication','2026-11-20',0);
CREATE TABLE staff_links (
	token_hash VARCHAR(64) NOT NULL,
	staff_id INTEGER,
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(staff_id) REFERENCES staff (id) ON DELETE CASCADE
);
INSERT INTO "staff_links" VALUES('llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllll',1,1763640000);
CREATE TABLE staff_sessions (
	token_hash VARCHAR(64) NOT NULL,
	staff_id INTEGER NOT NULL,
	began_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (token_hash),
	FOREIGN KEY(staff_id) REFERENCES staff (id) ON DELETE CASCADE
);
INSERT INTO "staff_sessions" VALUES('kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk',1,1763640000,1763640000);
CREATE TABLE taken_down (
	slug VARCHAR(64) NOT NULL,
	at BIGINT NOT NULL,
	who VARCHAR(254) NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (slug)
);
INSERT INTO "taken_down" VALUES('nord',1763640000,'agent@ville.example','à revoir');
CREATE TABLE turns (
	id INTEGER NOT NULL,
	session_id VARCHAR(32) NOT NULL,
	client_id VARCHAR(64),
	fingerprint VARCHAR(64) NOT NULL,
	message TEXT NOT NULL,
	release VARCHAR(64) NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (session_id, client_id),
	FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
INSERT INTO "turns" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','client-0001','1111111111111111111111111111111111111111111111111111111111111111','quels quartiers ?','r1');
INSERT INTO "turns" VALUES(2,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,'2222222222222222222222222222222222222222222222222222222222222222','je suis [nom], et l’axe 5 ?','r1');
CREATE INDEX by_usefulness ON question_groups (decision, score);
CREATE INDEX ix_question_groups_words ON question_groups (words);
CREATE INDEX ix_question_groups_subject ON question_groups (subject);
CREATE INDEX ix_requests_created_on ON requests (created_on);
CREATE INDEX ix_sessions_began_on ON sessions (began_on);
CREATE INDEX ix_journal_at ON journal (at);
CREATE INDEX ix_journal_who ON journal (who);
CREATE INDEX ix_journal_action ON journal (action);
CREATE INDEX ix_fiche_versions_slug ON fiche_versions (slug);
CREATE INDEX ix_sample_verdicts_week ON sample_verdicts (week);
CREATE INDEX ix_outbox_next_at ON outbox (next_at);
CREATE INDEX ix_turns_session_id ON turns (session_id);
CREATE INDEX ix_staff_sessions_staff_id ON staff_sessions (staff_id);
CREATE INDEX ix_staff_links_staff_id ON staff_links (staff_id);
CREATE INDEX ix_questions_group_id ON questions (group_id);
CREATE INDEX ix_questions_sampled ON questions (sampled);
CREATE INDEX ix_questions_turn_id ON questions (turn_id);
CREATE INDEX ix_questions_asked_on ON questions (asked_on);
CREATE INDEX ix_replies_turn_id ON replies (turn_id);
CREATE INDEX ix_choices_reply_id ON choices (reply_id);
COMMIT;
