import { describe, expect, test } from "vitest";
import { isMovingTag } from "../../policies/resources/imageTags";
import { imagesPinned } from "../../policies/rules/imagesPinned";
import { settingsOf } from "../../policies/factory/parameters";

const { movingTags } = settingsOf(imagesPinned.definition.parameters ?? {}, {});
const words = Array.isArray(movingTags) ? movingTags.map(String) : [];

describe("a tag is pinned that names", () => {
  test.each([
    [
      "a release",
      ["1.2.3", "v1.2", "3.12", "16.4", "1.27.3-alpine", "v10.4.1-rc.1", "release-1.28"],
    ],
    [
      "a release beside others",
      ["main-v1.63.2-stable", "stable-1.2.3", "jre-17.0.2-r1", "web_2.0.1"],
    ],
    ["a release and its base", ["1.27.3-alpine3.20", "2.1.0-cuda12.1-cudnn8", "2.14.2-pg16.1"]],
    ["a release of a kit", ["sdk2.28.0-ubuntu", "0.13.0-neuronx-py312-sdk2.28.0-ubuntu24.04"]],
    ["a day", ["20241103", "2024-11-03", "2024.11.3", "2024.11.03-1", "nightly-20241103"]],
    ["a day and an hour", ["RELEASE.2026-01-02T03-04-05Z", "202411031230", "dev20241103"]],
    ["a build", ["1234", "512", "build-512", "build512", "ci-42", "run.7", "b1234", "main-1234"]],
    [
      "a commit",
      ["3f9c2ab", "3f9c2ab1", "sha-3f9c2ab", "git-abcdefa", "main-3f9c2ab", "v1-g3f9c2ab"],
    ],
    [
      "a whole commit",
      ["3f9c2ab13f9c2ab13f9c2ab13f9c2ab13f9c2ab1", "abcdefab", "sha256-9f86d081884c"],
    ],
  ])("%s", (_what, tags) => {
    expect(tags.filter((tag) => isMovingTag(tag, words))).toEqual([]);
  });
});

describe("a tag moves that is", () => {
  test.each([
    ["a word", ["latest", "Latest", "stable", "edge", "main", "lts", "alpine", "slim", "bookworm"]],
    ["words", ["main-latest", "stable-slim", "lts-bookworm", "main-stable", "fpm-alpine"]],
    ["one number", ["3", "16", "v1", "22-alpine", "17-jre", "v1-stable"]],
    ["a base's version", ["stable-alpine3.20", "alpine3.20", "17-alpine3.20", "lts-ubuntu22.04"]],
    ["a base's version apart", ["stable-alpine-3.20", "edge-python-3.11", "edge-cuda-12.1.0"]],
    ["a language's version", ["latest-py3.11", "main-jdk17.0", "fpm-php8.3", "edge-pg16.1"]],
    ["a part's version beside a moving word", ["stable-foo3.20", "main-engine1.2"]],
    ["a release with latest", ["16.4-latest", "latest-16.4"]],
    ["a release that is not finished", ["1.2.x", "v1.x", "1.2.0-SNAPSHOT", "1.2-snapshot"]],
    ["a base's year", ["ltsc2022", "server-ltsc2022"]],
  ])("%s", (_what, tags) => {
    expect(tags.filter((tag) => !isMovingTag(tag, words))).toEqual([]);
  });
});
