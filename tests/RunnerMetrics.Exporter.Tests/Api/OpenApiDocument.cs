using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Api;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>Makes the OpenAPI document (3.1) out of the descriptions that the exporter reads requests by, and of the types that it answers with.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Make()
    {
        var schemas = new JsonObject();
        var paths = new JsonObject();
        foreach (var call in ApiDescriptions.All)
        {
            paths[call.Path] = new JsonObject { ["get"] = CallOf(call, schemas) };
        }

        Reference(typeof(ApiProblem), schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "RunnerMetrics exporter",
                ["version"] = "1",
                ["description"] = "Which runners there are, which jobs run, wait and ran, and which deployments were made. What is not known is absent, never 0.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A token of --read-token-file, where the exporter has one." } },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }),
        };
    }

    private static JsonObject CallOf(ApiDescription call, JsonObject schemas)
    {
        var parameters = new JsonArray([.. call.Parameters.Select(ParameterOf)]);
        if (call.Path.Contains("{id}", StringComparison.Ordinal))
        {
            parameters.Add(new JsonObject { ["name"] = "id", ["in"] = "path", ["required"] = true, ["description"] = "The job's id.", ["schema"] = new JsonObject { ["type"] = "string" } });
        }

        var content = call.Answer is { } answer
            ? new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(answer, schemas) } }
            : new JsonObject { ["text/event-stream"] = new JsonObject { ["schema"] = Reference(typeof(Exporter.Api.Events.EventAnswer), schemas) } };
        if (call.Parameters.Contains(ApiParameters.Format))
        {
            content["text/csv"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } };
        }

        return new JsonObject
        {
            ["summary"] = call.Summary,
            ["operationId"] = OperationOf(call.Path),
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = "The answer.", ["content"] = content },
                ["304"] = new JsonObject { ["description"] = "The client names the answer's ETag in If-None-Match: it has it." },
                ["default"] = new JsonObject
                {
                    ["description"] = "Why there is no answer.",
                    ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Reference(typeof(ApiProblem), schemas) } },
                },
            },
        };
    }

    private static JsonObject ParameterOf(ApiParameter parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.IsNumber ? "integer" : "string" };
        if (parameter.Words.Count > 0)
        {
            schema["enum"] = new JsonArray([.. parameter.Words.Select(word => JsonValue.Create(word))]);
        }

        if (parameter.Most is { } most)
        {
            (schema["minimum"], schema["maximum"]) = (1, most);
        }

        if (parameter.Default is { } otherwise)
        {
            schema["default"] = parameter.IsNumber ? int.Parse(otherwise, CultureInfo.InvariantCulture) : otherwise;
        }

        var described = new JsonObject { ["name"] = parameter.Name, ["in"] = "query", ["description"] = parameter.Description, ["schema"] = schema };
        if (parameter.IsRequired)
        {
            described["required"] = true;
        }

        if (parameter.Example is { } example)
        {
            described["example"] = example;
        }

        return described;
    }

    private static JsonObject Reference(Type type, JsonObject schemas)
    {
        var name = type.Name.EndsWith("Answer", StringComparison.Ordinal) ? type.Name[..^"Answer".Length] : type.Name;
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = new JsonObject();
            schemas[name] = Schema(type, schemas);
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static JsonObject Schema(Type type, JsonObject schemas)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in ApiJson.Default.GetTypeInfo(type)!.Properties)
        {
            var schema = Property(property.PropertyType, schemas);
            var member = (PropertyInfo)property.AttributeProvider!;
            schema["description"] = member.GetCustomAttribute<DescriptionAttribute>()!.Description;
            properties[property.Name] = schema;
            if (property.IsRequired)
            {
                required.Add(property.Name);
            }
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
    }

    private static JsonObject Property(Type type, JsonObject schemas)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(string) ? new JsonObject { ["type"] = "string" }
            : plain == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
            : plain == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
            : plain == typeof(int) ? new JsonObject { ["type"] = "integer", ["format"] = "int32" }
            : plain == typeof(long) ? new JsonObject { ["type"] = "integer", ["format"] = "int64" }
            : plain == typeof(double) ? new JsonObject { ["type"] = "number", ["format"] = "double" }
            : plain.IsGenericType && plain.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? new JsonObject { ["type"] = "array", ["items"] = Property(plain.GetGenericArguments()[0], schemas) }
            : plain.IsGenericType ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Property(plain.GetGenericArguments()[1], schemas) }
            : Reference(plain, schemas);
    }

    // "/api/v1/jobs/{id}": "getJob"
    private static string OperationOf(string path) => path.Split('/')[3..] is [var list, _]
        ? $"get{char.ToUpperInvariant(list[0])}{list[1..^1]}"
        : $"get{char.ToUpperInvariant(path.Split('/')[3][0])}{path.Split('/')[3][1..]}";
}
