// Writes the dashboards again: dotnet run --project tools/RunnerMetrics.Dashboards -- dashboards
using RunnerMetrics.Dashboards;

if (args is not [var folder] || !Directory.Exists(Path.Combine(folder, "grafana")))
{
    Console.Error.WriteLine("Give the folder of the dashboards, with the folder grafana in it: dashboards");
    return 2;
}

foreach (var (name, text) in DashboardFiles.Render())
{
    var file = Path.Combine(folder, name);
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    File.WriteAllText(file, text);
}

return 0;
