import { Anchor, Button, FileButton, Group, Progress, Text } from "@mantine/core";
import { IconFileText, IconPhoto, IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { useServerWords } from "../../../i18n/serverWords";
import { type PaperKind, PHOTO } from "../../../ui/application/fields";
import { isPicture, limitOf, megabytes, typesOf } from "../../../ui/application/files";
import { useFormat } from "../../../ui/format";
import { type Own, paperUrl } from "../queries";
import type { OnItsWay, Papers } from "../usePapers";
import classes from "./PapersStep.module.css";

const SIDE = 64;

type Props = {
  kind: PaperKind;
  token: string;
  stored: Own["papers"][number] | undefined;
  papers: Papers;
};

/** One paper: what is asked for, what is there, and how far a new one has come. */
export function PaperCard({ kind, token, stored, papers }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const { number } = useFormat();
  const state = papers.of(kind);
  const name = labelOf("application.paper", kind);
  const url = `${paperUrl(token, kind)}?v=${papers.stamp(kind)}`;
  const isBusy = state?.phase === "waiting" || state?.phase === "sending" || state?.phase === "shrinking";
  return (
    <li className={classes.paper} data-there={stored ? true : undefined}>
      <div className={classes.sight}>
        {stored?.content_type.startsWith("image/") ? (
          <img src={url} alt="" width={SIDE} height={SIDE} />
        ) : kind === PHOTO ? (
          <IconPhoto size={28} stroke={1.4} aria-hidden="true" />
        ) : (
          <IconFileText size={28} stroke={1.4} aria-hidden="true" />
        )}
      </div>
      <div>
        <Text fw={600} size="sm">
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {kind === PHOTO ? t("apply.papers.photoHint") : t("apply.papers.documentHint")}
        </Text>
        <Group gap={6} mt={6}>
          <FileButton accept={typesOf(kind).join(",")} onChange={(file) => file && papers.choose(kind, file)}>
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant={stored ? "default" : "light"}
                leftSection={<IconUpload size={14} aria-hidden="true" />}
                aria-label={`${stored ? t("apply.papers.replace") : t("apply.papers.choose")}: ${name}`}
                disabled={isBusy}
              >
                {stored ? t("apply.papers.replace") : t("apply.papers.choose")}
              </Button>
            )}
          </FileButton>
          {stored && !isBusy && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="madder"
              aria-label={`${t("apply.papers.remove")}: ${name}`}
              onClick={() => void papers.remove(kind)}
            >
              {t("apply.papers.remove")}
            </Button>
          )}
        </Group>
      </div>
      <div className={classes.state}>
        <div role="status">
          {state?.phase === "waiting" && <Text size="xs">{t("apply.papers.waiting")}</Text>}
          {state?.phase === "shrinking" && <Text size="xs">{t("apply.papers.shrinking")}</Text>}
          {!state && stored && (
            <Text size="xs">
              {t("apply.papers.there", { size: number(megabytes(stored.size)) })}{" "}
              <Anchor href={url} target="_blank" rel="noreferrer" size="xs">
                {t("apply.papers.look")}
                <span className="visually-hidden">: {name}</span>
              </Anchor>
            </Text>
          )}
        </div>
        {state?.phase === "sending" && (
          <Progress.Root size="lg" mt={4}>
            <Progress.Section
              value={Math.round(state.part * 100)}
              aria-label={t("apply.papers.sending", { name })}
            />
          </Progress.Root>
        )}
        {(state?.phase === "unfit" || state?.phase === "refused") && (
          <Fault kind={kind} state={state} papers={papers} />
        )}
      </div>
    </li>
  );
}

type FaultProps = { kind: PaperKind; state: OnItsWay & { phase: "unfit" | "refused" }; papers: Papers };

function Fault({ kind, state, papers }: FaultProps) {
  const { t } = useTranslation();
  const words = useServerWords();
  const { number } = useFormat();
  const { file } = state;
  const limit = number(megabytes(limitOf(kind)));
  const tooLarge = t("apply.papers.tooLarge", { size: number(megabytes(file?.size ?? 0)), limit });
  const wrongType = kind === PHOTO ? t("apply.papers.notPhoto") : t("apply.papers.notDocument");
  const said = () => {
    if (state.phase === "unfit") {
      return { size: tooLarge, type: wrongType, empty: t("apply.papers.empty") }[state.fault];
    }
    const { status, code, detail, errors } = state.problem;
    if (status === 413) return tooLarge;
    if (errors.some((fault) => fault.code === "file_type")) return wrongType;
    return status === 0 ? t("ui.problem.unreachable") : words(code, detail);
  };
  const isTooLarge = state.phase === "unfit" ? state.fault === "size" : state.problem.status === 413;
  return (
    <div role="alert">
      <Text size="xs" c="var(--mantine-color-error)">
        {said()}
      </Text>
      <Group gap={6} mt={4}>
        {file && isTooLarge && isPicture(file) && (
          <Button size="compact-xs" variant="light" onClick={() => void papers.shrink(kind, file)}>
            {t("apply.papers.shrink")}
          </Button>
        )}
        {file && state.phase === "refused" && state.problem.isUndecided && (
          <Button size="compact-xs" variant="light" onClick={() => papers.choose(kind, file)}>
            {t("ui.retry")}
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" onClick={() => papers.forget(kind)}>
          {t("ui.close")}
        </Button>
      </Group>
    </div>
  );
}
