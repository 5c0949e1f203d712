import { Button, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import { upload } from "../../../api/upload";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useSaved } from "../../../ui/useSaved";
import { FILE_TYPES, MATERIALS, type Material, materialUrl } from "../queries";
import { Size } from "./Size";

/** The file of material: chosen here, with its way to the server in sight. */
export function FileDrop({ material }: { material: Material }) {
  const { t } = useTranslation();
  const saved = useSaved(MATERIALS);
  const [part, setPart] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const send = async (file: File | null) => {
    if (!file) return;
    setRefusal(null);
    setPart(0);
    try {
      await upload(`${materialUrl(material.id)}file/`, file, file.name, { onProgress: setPart });
      await saved();
    } catch (error) {
      setRefusal(asProblem(error));
    } finally {
      setPart(null);
    }
  };
  return (
    <Stack gap="sm">
      {material.filename ? (
        <Text>
          <Bidi>{material.filename}</Bidi>{" "}
          <Text span size="sm" c="dimmed">
            <Size bytes={material.size_bytes} />
          </Text>
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          {t("materials.noFile")}
        </Text>
      )}
      {refusal && <ErrorPanel error={refusal} />}
      {part !== null && <Progress value={100 * part} animated aria-label={t("materials.uploading")} />}
      <Group>
        <FileButton accept={FILE_TYPES} onChange={(file) => void send(file)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              loading={part !== null}
              leftSection={<IconUpload size={16} aria-hidden="true" />}
            >
              {material.filename ? t("materials.replaceFile") : t("materials.chooseFile")}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t("materials.atMost")} <Size bytes={material.max_bytes} />
        </Text>
      </Group>
    </Stack>
  );
}
