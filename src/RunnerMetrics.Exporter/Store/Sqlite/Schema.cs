namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>The tables of a store.</summary>
internal static class Schema
{
    /// <summary>What <c>PRAGMA application_id</c> says: "RMst".</summary>
    public const int ApplicationId = 0x524D7374;

    /// <summary>The version that this program writes. A table, an index or a column that is added raises it.</summary>
    public const int Version = 1;

    /// <summary>
    /// The first version whose programs can go on with what this one writes. It stays where something is only added: a table, an index, or at the end of <c>job</c> or
    /// <c>deployment</c> a column that may be null; a program that does not know it leaves it as it is.
    /// </summary>
    public const int MinimumReaderVersion = 1;

    /// <summary>What <c>PRAGMA user_version</c> says: both versions in one number, which every version of the schema has.</summary>
    public const int UserVersion = (MinimumReaderVersion << 16) | Version;

    /// <summary>
    /// Times are milliseconds since 1970, UTC. <c>tail</c> has one row: the position of the last commit, so that a commit that a damaged page hides is missed.
    /// <c>job.at</c> is the first moment that is known of a job, and never changes: pages of jobs stay in their order while jobs continue.
    /// What joins the two sides' words looks only among rows that one side alone has spoken of, so that no sender makes the search long. <c>queue_key</c> is the key
    /// that the fleet knows a waiting job by.
    /// </summary>
    public const string Tables = """
        CREATE TABLE tail (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, crc INTEGER NOT NULL);
        CREATE TABLE event (position INTEGER PRIMARY KEY, payload BLOB NOT NULL, crc INTEGER NOT NULL);
        CREATE TABLE snapshot (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, chunks INTEGER NOT NULL, crc INTEGER NOT NULL);
        CREATE TABLE snapshot_chunk (id INTEGER PRIMARY KEY, payload BLOB NOT NULL, crc INTEGER NOT NULL);
        CREATE TABLE job (
          id INTEGER PRIMARY KEY, at INTEGER NOT NULL, agent_key BLOB, github_id INTEGER, scope TEXT NOT NULL, runner_name TEXT NOT NULL, runner_type TEXT NOT NULL,
          host TEXT NOT NULL, repository TEXT NOT NULL COLLATE NOCASE, workflow TEXT NOT NULL, name TEXT NOT NULL, run_id INTEGER NOT NULL, run_attempt INTEGER NOT NULL,
          check_run_id INTEGER NOT NULL, state INTEGER NOT NULL, queued_at INTEGER, started_at INTEGER, steps_started_at INTEGER, completed_at INTEGER,
          conclusion INTEGER, reason INTEGER, queue_key BLOB);
        CREATE UNIQUE INDEX job_agent_key ON job (agent_key) WHERE agent_key IS NOT NULL;
        CREATE INDEX job_github_id ON job (github_id) WHERE github_id IS NOT NULL;
        CREATE INDEX job_agents_check_run ON job (check_run_id) WHERE check_run_id <> 0 AND github_id IS NULL;
        CREATE INDEX job_githubs_check_run ON job (check_run_id) WHERE check_run_id <> 0 AND agent_key IS NULL;
        CREATE INDEX job_agents_run ON job (run_id, runner_name) WHERE run_id <> 0 AND github_id IS NULL;
        CREATE INDEX job_githubs_run ON job (run_id, runner_name) WHERE run_id <> 0 AND agent_key IS NULL;
        CREATE INDEX job_waiting ON job (queue_key) WHERE state <= 2;
        CREATE INDEX job_at ON job (at);
        CREATE INDEX job_runner ON job (runner_name, at);
        CREATE INDEX job_repository ON job (repository, at);
        CREATE INDEX job_workflow ON job (workflow, at);
        CREATE INDEX job_conclusion ON job (conclusion, at) WHERE conclusion IS NOT NULL;
        CREATE INDEX job_reason ON job (reason, at) WHERE reason IS NOT NULL;
        CREATE INDEX job_open ON job (at) WHERE state < 4;
        CREATE TABLE deployment (
          id INTEGER PRIMARY KEY, at INTEGER NOT NULL, host TEXT NOT NULL, repository TEXT NOT NULL COLLATE NOCASE, deployment_id TEXT NOT NULL, environment TEXT NOT NULL,
          state INTEGER NOT NULL, sha TEXT NOT NULL, head_committed_at INTEGER, oldest_committed_at INTEGER, finished_at INTEGER, rework INTEGER NOT NULL);
        CREATE UNIQUE INDEX deployment_key ON deployment (host, repository, deployment_id);
        CREATE INDEX deployment_at ON deployment (at);
        CREATE INDEX deployment_repository ON deployment (repository, at);
        """;
}
