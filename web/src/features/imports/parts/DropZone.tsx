import { Button, Group, Text } from "@mantine/core";
import { IconFileUpload, IconX } from "@tabler/icons-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import classes from "./DropZone.module.css";

const KILO = 1024;

type Props = { file: File | null; onFile: (file: File | null) => void };

/** Takes one file, dropped or chosen. What is in it, the server judges. */
export function DropZone({ file, onFile }: Props) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) onFile(dropped);
  };
  const clear = () => {
    if (input.current) input.current.value = "";
    onFile(null);
  };
  return (
    <div className={classes.area}>
      <input
        ref={input}
        id={id}
        type="file"
        className="visually-hidden"
        accept=".csv,.xlsx,.txt"
        onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
      />
      <label
        htmlFor={id}
        className={classes.zone}
        data-over={isOver || undefined}
        data-full={file ? "" : undefined}
        onDragOver={over}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileUpload size={32} stroke={1.3} aria-hidden="true" />
        {file ? (
          <>
            <strong>
              <Bidi>{file.name}</Bidi>
            </strong>
            <Text size="sm" c="dimmed" component="span">
              {t("imports.drop.size", { size: number(Math.max(1, Math.round(file.size / KILO))) })}
            </Text>
          </>
        ) : (
          <>
            <strong>{t("imports.drop.title")}</strong>
            <Text size="sm" c="dimmed" component="span">
              {t("imports.drop.detail")}
            </Text>
          </>
        )}
      </label>
      {file && (
        <Group justify="center" mt="xs">
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconX size={14} />}
            onClick={clear}
          >
            {t("imports.drop.other")}
          </Button>
        </Group>
      )}
    </div>
  );
}
