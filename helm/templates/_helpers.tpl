{{/*
Prefix of every object's name. Cut at 50 so that "-dev-secrets" and "-frontend" fit the 63 characters of a DNS label.
*/}}
{{- define "tasks.fullname" -}}
{{- $name := .Release.Name -}}
{{- if not (contains .Chart.Name $name) -}}
{{- $name = printf "%s-%s" $name .Chart.Name -}}
{{- end -}}
{{- $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/*
Labels a Deployment's selector is made of. Selectors are immutable: nothing that changes between releases may go here.
Takes a dict: root, component.
*/}}
{{- define "tasks.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/*
Labels of every object. Pods carry only the selector's labels and part-of: the chart's version on a pod would
restart it for a new chart that changes nothing else.
Takes a dict: root, component.
*/}}
{{- define "tasks.labels" -}}
{{ include "tasks.selectorLabels" . }}
{{ include "tasks.partOf" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{- define "tasks.partOf" -}}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
{{- end -}}

{{/* Takes a dict: root, image (an app's image values). */}}
{{- define "tasks.image" -}}
{{- printf "%s:%s" .image.repository (.image.tag | default .root.Chart.AppVersion) -}}
{{- end -}}

{{/* Name of the Secret that holds API_KEY, whoever made it. */}}
{{- define "tasks.secretName" -}}
{{- if .Values.secret.create -}}
{{- include "tasks.fullname" . }}-dev-secrets
{{- else -}}
{{- .Values.secret.existingSecret -}}
{{- end -}}
{{- end -}}

{{- define "tasks.apiKeyEnv" -}}
- name: API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "tasks.secretName" . | quote }}
      key: API_KEY
{{- end -}}

{{/*
Checksums that change the pod template, and so roll the pods, when what they read at start has changed.
A Secret that others made is not seen from here. Takes a dict: root, config (the ConfigMap's data, rendered).
*/}}
{{- define "tasks.checksums" -}}
checksum/config: {{ .config | sha256sum }}
{{- if .root.Values.secret.create }}
checksum/secret: {{ .root.Values.secret.apiKey | sha256sum }}
{{- end }}
{{- end -}}

{{- define "tasks.strategy" -}}
type: RollingUpdate
rollingUpdate:
  maxSurge: {{ .maxSurge }}
  maxUnavailable: {{ .maxUnavailable }}
{{- end -}}

{{/* 1001 is the user both images are built for. Not values: there is no case for running the apps with less. */}}
{{- define "tasks.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1001
runAsGroup: 1001
fsGroup: 1001
# Without it every start walks the whole volume to set its owner.
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Takes an app's values. */}}
{{- define "tasks.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ .readOnlyRootFilesystem }}
capabilities:
  drop: [ALL]
{{- end -}}

{{/* The probes of one container. Takes an app's probes values. */}}
{{- define "tasks.probes" -}}
{{- $paths := dict "startup" "/health" "readiness" "/ready" "liveness" "/health" -}}
{{- range $kind := list "startup" "readiness" "liveness" }}
{{- with index $ $kind }}
{{- if .enabled }}
{{ $kind }}Probe:
  httpGet:
    path: {{ get $paths $kind }}
    port: http
  initialDelaySeconds: {{ int .initialDelaySeconds }}
  periodSeconds: {{ int .periodSeconds }}
  timeoutSeconds: {{ int .timeoutSeconds }}
  failureThreshold: {{ int .failureThreshold }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
