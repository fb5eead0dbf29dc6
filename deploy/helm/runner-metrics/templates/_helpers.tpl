{{/* The release's name, where it holds the chart's; else both. */}}
{{- define "runner-metrics.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Names of the exporters, joined by commas: FULLNAME, or FULLNAME-SHARD for each shard. */}}
{{- define "runner-metrics.exporters" -}}
{{- $fullname := include "runner-metrics.fullname" . -}}
{{- if .Values.shards -}}
{{- $names := list -}}
{{- range .Values.shards }}{{ $names = append $names (printf "%s-%s" $fullname .) }}{{ end -}}
{{- join "," $names -}}
{{- else -}}
{{- $fullname -}}
{{- end -}}
{{- end -}}

{{- define "runner-metrics.selector" -}}
app.kubernetes.io/name: runner-metrics-exporter
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "runner-metrics.labels" -}}
{{ include "runner-metrics.selector" . }}
app.kubernetes.io/part-of: runner-metrics
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "runner-metrics.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{- define "runner-metrics.scheme" -}}
{{- if .Values.tls.existingSecret }}HTTPS{{ else }}HTTP{{ end -}}
{{- end -}}
