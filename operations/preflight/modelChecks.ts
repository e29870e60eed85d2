import { fail, pass, skipped } from "../stack/checklist";
import { judged, type Problem, type StackCheck, type StackSubject } from "./subject";
import { reasonOf } from "./web";

/** The hub, or the mirror that `huggingface_hub` would use, too. */
function hub(): string {
  return process.env.HF_ENDPOINT ?? "https://huggingface.co";
}

function headers({ huggingFaceToken: token }: StackSubject): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

const SET_TOKEN = "pulumi config set --secret huggingFaceToken hf_...";

const revisions: StackCheck = {
  name: "Models are at the hub",
  run: async (subject) => {
    const models = Object.entries(subject.config.models);
    const problems = await Promise.all(
      models.map(async ([name, { repository, revision }]): Promise<Problem[]> => {
        // Path of HfApi.model_info in huggingface_hub.
        const url = `${hub()}/api/models/${repository}/revision/${encodeURIComponent(revision)}`;
        try {
          const { status } = await subject.web.fetch(url, { headers: headers(subject) });
          // A repository that is not there and one that is hidden look alike: 401 without a token, 404 with one.
          return status === 200
            ? []
            : [
                {
                  seen: `${name}: the hub answers ${status} for ${repository} at ${revision}`,
                  remedy: `set models.${name}.repository and .revision to what https://huggingface.co/${repository}/commits lists`,
                },
              ];
        } catch (error) {
          return [
            {
              seen: `${hub()} cannot be reached: ${reasonOf(error)}`,
              remedy: "let this machine reach it (HTTPS_PROXY, HF_ENDPOINT)",
            },
          ];
        }
      }),
    );
    return judged(problems.flat(), `${models.length} models at their revisions`);
  },
};

const gated: StackCheck = {
  name: "The token opens gated models",
  run: async (subject) => {
    const { config, huggingFaceToken, web, stack } = subject;
    const models = Object.values(config.models).filter((model) => model.gated);
    if (models.length === 0) {
      return pass("no model is gated");
    }
    if (huggingFaceToken === undefined) {
      return skipped("the stack's token cannot be read here: set HF_TOKEN to it");
    }
    const who = await web.fetch(`${hub()}/api/whoami-v2`, { headers: headers(subject) });
    if (who.status !== 200) {
      return fail(
        `the hub answers ${who.status} to the token`,
        `make one at https://huggingface.co/settings/tokens, then\n${SET_TOKEN} --stack ${stack}`,
      );
    }
    const repositories = [...new Set(models.map(({ repository }) => repository))];
    const problems = await Promise.all(
      repositories.map(async (repository): Promise<Problem[]> => {
        // Path of HfApi.auth_check in huggingface_hub.
        const { status } = await web.fetch(`${hub()}/api/models/${repository}/auth-check`, {
          headers: headers(subject),
        });
        return status === 200
          ? []
          : [
              {
                seen: `the token's account may not read ${repository} (${status})`,
                remedy: `accept the licence at https://huggingface.co/${repository} with the token's account`,
              },
            ];
      }),
    );
    return judged(problems.flat(), repositories.join(", "));
  },
};

export const MODEL_CHECKS: readonly StackCheck[] = [revisions, gated];
