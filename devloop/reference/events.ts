import { z } from 'zod';
import type { LoopEvent } from '../src/model/events.ts';
import { count, duration, flag, maybe, text, texts, textsByName, time, word } from './fields.ts';
import {
  buildStep,
  builtImage,
  cluster,
  command,
  deployedImage,
  editTiming,
  forward,
  greenRevision,
  kubernetesEvent,
  logLine,
  pod,
  podUpdate,
  podUsage,
  probeResult,
  problem,
  project,
  workload,
} from './shapes.ts';

/** One event as a line of `--ui json`: what it means, and its own fields. */
const event = <const Type extends LoopEvent['type'], Fields extends z.core.$ZodLooseShape>(
  type: Type,
  description: string,
  fields: Fields,
) =>
  z
    .strictObject({
      v: z.literal(1).describe('The version of the form'),
      seq: count('The number of the event, from 1', 1),
      at: z.iso.datetime({ precision: 3 }).describe('When it happened, UTC'),
      type: z.literal(type).describe('Which event it is'),
      ...fields,
    })
    .meta({ id: type, description });

const service = text('The service');
const edit = count('The number of the edit; 0 is what was there when the loop began');
const release = text('The Helm release');

/**
 * Every event, in the order in which a reader meets them. A new one goes here and into examples.ts; then
 * `npm run reference` writes docs/events.md and docs/events.schema.json anew.
 */
export const eventLine = z.discriminatedUnion('type', [
  event('loop.started', 'The loop begins. Only events about commands and notices come before it.', {
    project,
    cluster,
  }),
  event('loop.stopping', 'The loop was asked to end; what it ends follows.', { why: text('By whom or what') }),
  event('config.reloaded', 'The configuration has changed, and the new one is in use.', {
    project,
    changed: texts('What has changed in it: names of services and releases'),
  }),
  event('config.rejected', 'The configuration has changed and cannot be used; the last good one stays in use.', {
    problem,
  }),
  event('edit', 'Files have changed: one batch, which counts as one edit.', {
    edit,
    files: texts("Relative to the project's root, with forward slashes"),
    changedAt: time('When the first of them changed'),
    services: texts('Services whose image they are part of'),
    releases: texts('Releases whose chart or values they are part of'),
  }),
  event('watch.paused', 'Edits are only collected from now on. Told again as more files wait.', {
    files: count('How many changed files wait'),
  }),
  event('watch.resumed', 'The files that waited are one edit now.', { files: count('How many files waited') }),
  event('watch.held', 'Changed files wait, as git works on their repository. Told again as more do.', {
    files: count('How many changed files wait'),
    why: text('What git has put up'),
  }),
  event('watch.released', 'Git has finished, or is not waited for: the files go on.', {}),
  event('service.toggled', 'A service is taken into the loop, or left out of it.', {
    service,
    active: flag('False: it is not built, updated or forwarded; its pods stay'),
  }),
  event('rebuild.asked', 'The user wants a new image, even though nothing has changed.', { service }),
  event('rollback.asked', 'The user wants the release of a service to be what it last was when all of it was green.', {
    service,
  }),
  event('release.green', 'Everything of a release is ready with what is deployed now.', {
    release,
    green: greenRevision,
  }),
  event('service.health', 'A service has turned bad, or good again. Nothing is told while it is on its way.', {
    service,
    status: word(['ready', 'failed'], 'What it is now'),
    cause: text('Why it has failed, in a sentence; empty when it is ready'),
    edit: count('The edit that its pods run'),
  }),
  event('build.started', "A build of a service's image has started.", {
    service,
    edit,
    forced: maybe(flag('It was asked for, and runs even when the image is there')),
  }),
  event('build.step', 'A step of the build has started or ended.', { service, step: buildStep }),
  event('build.succeeded', 'The image is there.', {
    service,
    image: builtImage,
    reused: flag('The daemon already had the image of this content: nothing was built'),
    unchanged: maybe(flag('Of a build that was asked for: it made the very image that was there before')),
    ms: duration('How long it took'),
  }),
  event('build.failed', 'The build has failed; the pods go on with what they have.', {
    service,
    edit,
    problem,
    ms: duration('How long it took'),
  }),
  event('build.cancelled', 'The build was cut off: a newer edit has overtaken it, or the loop ends.', {
    service,
    edit,
  }),
  event('update.started', "What an edit changes in the service's containers is being made out.", { service, edit }),
  event('update.prepared', 'It is known, and goes to every pod of the image.', {
    service,
    edit,
    image: text('repository:tag'),
    files: count('How many files of the containers change'),
    ms: duration('How long it took'),
  }),
  event('update.refused', 'The edit takes a new image.', {
    service,
    edit,
    why: text('Why a live update is not enough'),
  }),
  event('update.failed', 'The edit cannot be made live as it stands; the pods go on with what they have.', {
    service,
    edit,
    problem,
  }),
  event('update.unavailable', "The service's pods cannot be updated live: each edit takes a new image.", {
    service,
    problem,
  }),
  event('pod.update', 'A pod is further with a live update.', {
    service,
    uid: text("The pod's uid"),
    pod: text("The pod's name"),
    update: podUpdate,
  }),
  event('deploy.started', 'A deploy of a release has started.', {
    release,
    edit,
    inputs: text('What is sent, as one text that can be compared: the edit of its chart, and its images'),
    rollbackTo: maybe(count('It is a rollback to this revision')),
  }),
  event('deploy.succeeded', 'The release is as it should be.', {
    release,
    revision: count("Helm's revision"),
    by: word(
      ['helm', 'nothing', 'images', 'rollback'],
      '`nothing`: it already was what would have been sent; `images`: by setting the images of its workloads, which the sandbox does when nothing else has changed; `rollback`: by going back to an older revision',
    ),
    images: z.array(deployedImage).describe('The images that it was deployed with'),
    rolledBack: maybe(
      texts('Services that a rollback has given an older image, or whose live updates it has taken back'),
    ),
    chart: text('A hash of the chart and its values, without the images'),
    edit,
    ms: duration('How long it took'),
  }),
  event('deploy.failed', 'The deploy has failed; the pods go on with what they have.', {
    release,
    edit,
    problem,
    ms: duration('How long it took'),
  }),
  event('pod.changed', 'A pod is new, or something of it has changed.', { pod }),
  event('pod.removed', 'A pod is gone.', { uid: text("The pod's uid"), name: text("The pod's name"), service }),
  event('workload.changed', 'A workload is new, or something of it has changed.', { workload }),
  event('workload.removed', 'A workload is gone.', { uid: text("The workload's uid"), name: text('Its name') }),
  event('container.crashed', 'A container has ended badly.', {
    service,
    uid: text("The pod's uid"),
    pod: text("The pod's name"),
    container: text('The container'),
    exitCode: z.int().describe('Its exit code'),
    reason: text("Kubernetes' word for it: `Error`, `OOMKilled`"),
    lines: texts('The last lines that it wrote'),
  }),
  event('kubernetes.event', 'Kubernetes reports something about an object of the release.', { event: kubernetesEvent }),
  event('probe.result', 'A probe was run.', { result: probeResult }),
  event(
    'pods.stats',
    'What all pods used, asked every few seconds. Nothing is said while it has stayed the same for two minutes.',
    {
      pods: z.array(podUsage).describe('The pods of which something is known'),
      unavailable: textsByName("Nodes that tell nothing of their pods, and why, by the node's name"),
    },
  ),
  event('forward.changed', 'A forwarded port is new, or leads elsewhere.', { forward }),
  event('forward.removed', 'A port is no longer forwarded.', { local: count('The port on 127.0.0.1', 1) }),
  event('service.live', 'A ready pod has answered with the edit for the first time.', {
    service,
    edit,
    ms: editTiming,
  }),
  event('command.started', 'An outside program has started.', { command }),
  event('command.ended', 'An outside program has ended.', { command }),
  event('cluster.lost', 'The API server does not answer; it is asked again.', { why: text('What was said') }),
  event('cluster.connected', 'The API server answers.', {}),
  event('notice', 'Something that a user should know, and that no other event says.', {
    level: word(['info', 'warning'], 'How much it matters'),
    text: text('The words'),
  }),
  event('log', 'A line of output.', { line: logLine }),
]);
