using System.CommandLine;
using Microsoft.Data.Sqlite;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary><c>runner-metrics-exporter store check|repair|backup</c>: maintenance of a data folder.</summary>
internal static class StoreCommand
{
    private const int Failed = 1;

    public static Command Make(ExporterCommand exporter)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write, which must not exist" };
        var backup = new Command("backup", "Copies the store into one file, also while the exporter runs. To restore it, put it into an empty data folder as store.db.") { file, exporter.DataOption };
        backup.SetAction(parsed => Run(exporter, parsed, folder => Backup(folder, parsed.GetValue(file)!)));
        return new Command("store", "Checks, repairs or backs up the exporter's store in --data.")
        {
            Of("check", "Reads the whole store and verifies every checksum: exits with 0 if it is intact, 1 if not.", exporter, Check),
            Of("repair", "Builds a new store from what can be read of a damaged one, which is renamed to store.db.damaged.", exporter, Repair),
            backup,
        };
    }

    private static Command Of(string name, string description, ExporterCommand exporter, Func<string, int> act)
    {
        var command = new Command(name, description) { exporter.DataOption };
        command.SetAction(parsed => Run(exporter, parsed, act));
        return command;
    }

    private static int Run(ExporterCommand exporter, ParseResult parsed, Func<string, int> act)
    {
        if (exporter.DataOption.Value(parsed) is not { } folder)
        {
            return WrongUsage.Write(["--data is missing: give the exporter's data folder."], parsed.CommandResult.Command);
        }

        if (!File.Exists(Path.Combine(folder, StoreFile.Name)))
        {
            Console.Error.WriteLine($"{folder} contains no {StoreFile.Name}: give --data the exporter's data folder");
            return Failed;
        }

        try
        {
            return act(folder);
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException or SqliteException)
        {
            Console.Error.WriteLine(e.Message);
            return Failed;
        }
    }

    private static int Check(string folder)
    {
        using var storage = DiskFolder.Open(folder, "exporter", "--data");
        var path = Path.Combine(folder, StoreFile.Name);
        var reader = new StoreReader(path);
        reader.Read(StoreRepair.Drain, _ => { });
        using var connection = StoreFile.OpenForRecovery(path);
        if (StoreFile.Value(connection, "PRAGMA integrity_check") is not "ok" and var problem)
        {
            throw new StorageException($"{path} is damaged ({problem}): restore the data folder from a backup, or run 'runner-metrics-exporter store repair' to keep what can be read");
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{path} is sound: {reader.Recovery.Commits} commits behind the last snapshot, {StoreFile.Value(connection, "SELECT count(*) FROM job")} jobs, {StoreFile.Value(connection, "SELECT count(*) FROM deployment")} deployments"));
        return 0;
    }

    private static int Repair(string folder)
    {
        const string New = StoreFile.Name + ".repaired", Damaged = StoreFile.Name + ".damaged";
        using var storage = DiskFolder.Open(folder, "exporter", "--data");
        StoreFile.CreateNew(storage, New);
        foreach (var name in (string[])[StoreFile.Name, StoreFile.Name + "-wal"])
        {
            // As it was found: reading it writes beside it.
            if (File.Exists(Path.Combine(folder, name)))
            {
                File.Copy(Path.Combine(folder, name), Path.Combine(folder, name.Replace(StoreFile.Name, Damaged, StringComparison.Ordinal)), overwrite: true);
            }
        }

        var repair = new StoreRepair(Path.Combine(folder, StoreFile.Name));
        repair.CopyTo(Path.Combine(folder, New));
        foreach (var name in storage.List().Where(name => name is StoreFile.Name + "-wal" or StoreFile.Name + "-shm"))
        {
            storage.Delete(name);
        }

        storage.Rename(New, StoreFile.Name);
        storage.SyncFolder();
        Console.WriteLine(FormattableString.Invariant(
            $"Kept {repair.Kept} commits and {repair.History} jobs and deployments of the history; {repair.Lost} commits could not be read{(repair.IsWithoutSnapshot ? ", and there is no snapshot that can: counters start at 0" : "")}. The damaged files stand beside it as {Damaged}"));
        return 0;
    }

    private static int Backup(string folder, string file)
    {
        var path = Path.Combine(folder, StoreFile.Name);
        using var storage = OpenUnlessInUse(folder);
        if (storage is not null)
        {
            WriteAheadLog.Inspect(path);
        }

        if (File.Exists(file))
        {
            throw new StorageException($"{file} exists: give another name");
        }

        using (var connection = StoreFile.Connect(path, SqliteOpenMode.ReadWrite))
        {
            using var vacuum = new Statement(connection, "VACUUM INTO $1");
            vacuum.Execute(file);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using (var copy = StoreFile.Connect(file, SqliteOpenMode.ReadWrite))
        {
            StoreFile.Run(copy, "PRAGMA journal_mode = WAL");
        }

        var reader = new StoreReader(file);
        reader.Read(StoreRepair.Drain, _ => { });
        Console.WriteLine(FormattableString.Invariant($"{file} holds the store up to commit {reader.Position}"));
        return 0;
    }

    private static DiskFolder? OpenUnlessInUse(string folder)
    {
        try
        {
            return DiskFolder.Open(folder, "exporter", "--data");
        }
        catch (StorageException e) when (DiskFolder.IsInUse(e))
        {
            return null; // The exporter that runs has looked at it.
        }
    }
}
