import { Button, FileButton, Group, Progress, Text, UnstyledButton } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { upload } from "../../../api/upload";
import { useLabel } from "../../../i18n/label";
import { PAPERS, type PaperKind, PHOTO } from "../../../ui/application/fields";
import { fileFault, limitOf, megabytes, typesOf } from "../../../ui/application/files";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FilePreview } from "../../../ui/FilePreview";
import { useFormat } from "../../../ui/format";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { APPLICATIONS, type Application, paperUrl } from "../queries";
import classes from "./PaperDesk.module.css";

type Props = { application: Application; mayEdit: boolean };

/** The papers beside the fields: one is shown in place, the others are a press away. */
export function PaperDesk({ application, mayEdit }: Props) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const { papers } = application;
  const shownKinds = mayEdit ? PAPERS : PAPERS.filter((kind) => papers.some((paper) => paper.kind === kind));
  const [picked, setPicked] = useState<PaperKind | null>(null);
  const chosen = picked ?? (papers[0]?.kind as PaperKind | undefined) ?? null;
  const paper = papers.find(({ kind }) => kind === chosen);
  return (
    <Panel title={t("applications.papers.title")}>
      {shownKinds.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("applications.papers.none")}
        </Text>
      ) : (
        <>
          <fieldset className={classes.kinds} aria-label={t("applications.papers.title")}>
            {shownKinds.map((kind) => (
              <UnstyledButton
                key={kind}
                className={classes.kind}
                aria-pressed={kind === chosen}
                data-there={papers.some((each) => each.kind === kind) || undefined}
                onClick={() => setPicked(kind)}
              >
                {labelOf("application.paper", kind)}
              </UnstyledButton>
            ))}
          </fieldset>
          {chosen && (
            <>
              {paper ? (
                <FilePreview
                  key={`${application.id}${paper.kind}${application.version}`}
                  url={`${paperUrl(application.id, paper.kind)}?v=${application.version}`}
                  name={labelOf("application.paper", paper.kind)}
                />
              ) : (
                <div className={classes.empty}>
                  <IconFileText size={32} stroke={1.3} aria-hidden="true" />
                  <Text size="sm">{t("applications.papers.missing")}</Text>
                </div>
              )}
              {mayEdit && (
                <Handling key={chosen} application={application} kind={chosen} isThere={Boolean(paper)} />
              )}
            </>
          )}
        </>
      )}
    </Panel>
  );
}

type HandlingProps = { application: Application; kind: PaperKind; isThere: boolean };

/** A paper that was handed in by hand. */
function Handling({ application, kind, isThere }: HandlingProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const saved = useSaved(APPLICATIONS);
  const [part, setPart] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [unfit, setUnfit] = useState<string | null>(null);
  const url = paperUrl(application.id, kind);
  const limit = number(megabytes(limitOf(kind)));
  const attach = async (file: File) => {
    const fault = fileFault(kind, file);
    setProblem(null);
    setUnfit(
      fault &&
        (fault === "size"
          ? t("applications.papers.tooLarge", { limit })
          : kind === PHOTO
            ? t("applications.papers.notPhoto")
            : t("applications.papers.notDocument")),
    );
    if (fault) return;
    setPart(0);
    try {
      await upload(url, file, file.name, { onProgress: setPart });
      await saved();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setPart(null);
    }
  };
  return (
    <div className={classes.handling}>
      <Group gap="xs">
        <FileButton accept={typesOf(kind).join(",")} onChange={(file) => file && void attach(file)}>
          {(props) => (
            <Button {...props} size="compact-sm" variant="default" loading={part !== null}>
              {isThere ? t("applications.papers.replace") : t("applications.papers.attach")}
            </Button>
          )}
        </FileButton>
        {isThere && (
          <ConfirmButton
            size="compact-sm"
            variant="subtle"
            color="madder"
            title={t("applications.papers.remove")}
            question={t("applications.papers.removeQuestion")}
            confirm={t("applications.papers.remove")}
            act={() => writeJson("DELETE", url)}
            onDone={saved}
          >
            {t("applications.papers.remove")}
          </ConfirmButton>
        )}
      </Group>
      {part !== null && (
        <Progress.Root size="lg" mt="xs">
          <Progress.Section value={Math.round(part * 100)} aria-label={t("applications.papers.sending")} />
        </Progress.Root>
      )}
      {unfit && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {unfit}
        </Text>
      )}
      {problem && <ErrorPanel error={problem} />}
    </div>
  );
}
