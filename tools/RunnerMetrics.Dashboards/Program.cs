// Writes the dashboards again: dotnet run --project tools/RunnerMetrics.Dashboards -- dashboards/grafana
using RunnerMetrics.Dashboards;

if (args is not [var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("Say which folder to write the dashboards to: dashboards/grafana");
    return 2;
}

foreach (var (name, text) in DashboardFiles.Render())
{
    File.WriteAllText(Path.Combine(folder, name), text);
}

return 0;
