import { Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { IconExternalLink, IconPaperclip } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import type { Answer } from "../../../api/types";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useSaved } from "../../../ui/useSaved";
import { ATTENDANCE, type Correction, correctionUrl, PAPER_TYPES } from "../queries";

type Opened = Answer<"/api/v1/attendance/corrections/{pk}/open/", "post">;

/** The paper behind a correction: read by who asked and who decides, given by who asked while it is open. */
export function CorrectionFile({ correction }: { correction: Correction }) {
  const { t } = useTranslation();
  const saved = useSaved(ATTENDANCE);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const { filename, may_open, may_attach } = correction;
  if (!filename && !may_attach) return null;
  const doing = async (what: () => Promise<unknown>) => {
    setBusy(true);
    setRefusal(null);
    try {
      await what();
    } catch (error) {
      setRefusal(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  const open = () =>
    doing(async () => {
      const { url } = await writeJson<Opened>("POST", `${correctionUrl(correction.id)}open/`, {});
      window.open(url, "_blank", "noopener,noreferrer");
    });
  const give = (file: File | null) =>
    file &&
    doing(async () => {
      const body = new FormData();
      body.set("file", file);
      await writeJson<Correction>("POST", `${correctionUrl(correction.id)}file/`, body);
      await saved();
    });
  return (
    <Stack gap="xs" mt="md">
      <Group gap="sm">
        <Text size="sm" c="dimmed">
          {t("attendance.ask.file")}
        </Text>
        {filename && <Bidi>{filename}</Bidi>}
        {may_open && (
          <Button
            size="compact-sm"
            variant="default"
            loading={isBusy}
            onClick={() => void open()}
            leftSection={<IconExternalLink size={14} aria-hidden="true" />}
          >
            {t("attendance.ask.openFile")}
          </Button>
        )}
        {may_attach && (
          <FileButton accept={PAPER_TYPES} onChange={(file) => void give(file)}>
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant="subtle"
                loading={isBusy}
                leftSection={<IconPaperclip size={14} aria-hidden="true" />}
              >
                {filename ? t("attendance.ask.otherFile") : t("attendance.ask.addFile")}
              </Button>
            )}
          </FileButton>
        )}
      </Group>
      {filename && !may_open && (
        <Text size="sm" c="dimmed">
          {t("attendance.ask.closedFile")}
        </Text>
      )}
      {refusal && <ErrorPanel error={refusal} />}
    </Stack>
  );
}
