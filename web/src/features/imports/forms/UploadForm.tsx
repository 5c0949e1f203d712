import { Anchor, Button, Group, Select, Stack, Switch, Text } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSubmitKeys } from "../../../api/idempotency";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Code } from "../../../ui/Code";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Notice } from "../../../ui/Notice";
import { Panel } from "../../../ui/Panel";
import { DropZone } from "../parts/DropZone";
import { type ListedRun, type Options, type Session, type Source, templateUrl, upload } from "../queries";
import classes from "./UploadForm.module.css";

type Props = {
  source: Source;
  /** Of attendance: all rows are of this session. */
  session?: Session | undefined;
  onUploaded: (run: ListedRun) => void;
};

/** The first step: a file and how it is to be read. Nothing is written by it. */
export function UploadForm({ source, session, onUploaded }: Props) {
  const { kind } = source;
  const { t } = useTranslation();
  const label = useLabel();
  const keys = useSubmitKeys();
  const [file, setFile] = useState<File | null>(null);
  const [options, setOptions] = useState<Options>({
    mode: "create_only",
    auto_create: false,
    date_order: "",
  });
  const change = (patch: Partial<Options>) => setOptions((before) => ({ ...before, ...patch }));
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (chosen: File) =>
      upload(
        source,
        chosen,
        options,
        keys.keyFor([chosen.name, chosen.size, chosen.lastModified, options, session?.id]),
        session?.id,
      ),
    onSettled: (_run, failure) => keys.settle(failure ?? undefined),
    onSuccess: onUploaded,
  });
  const choose = (next: File | null) => {
    reset();
    setFile(next);
  };
  const isStudents = kind === "students";
  const isAttendance = kind === "attendance";
  const isMarks = kind === "exam_marks";
  const columns = source.columns.filter((column) => !session || column !== "session_id");
  return (
    <Panel
      title={label("imports.upload.of", kind)}
      actions={
        <Group gap="sm" wrap="nowrap">
          <Anchor href={templateUrl(source, "csv")} download size="sm">
            {isMarks ? t("imports.template.gridCsv") : t("imports.template.csv")}
          </Anchor>
          <Anchor href={templateUrl(source, "xlsx")} download size="sm">
            {isMarks ? t("imports.template.gridXlsx") : t("imports.template.xlsx")}
          </Anchor>
        </Group>
      }
    >
      <div className={classes.form}>
        <Stack gap="sm">
          <DropZone file={file} onFile={choose} />
          {error && <ErrorPanel error={error} />}
        </Stack>
        <Stack gap="sm">
          {(isStudents || kind === "faculty") && (
            <Select
              label={t("imports.upload.mode")}
              description={
                options.mode === "create_only" ? t("imports.upload.createOnly") : t("imports.upload.upsert")
              }
              allowDeselect={false}
              value={options.mode}
              data={[
                { value: "create_only", label: t("imports.mode.create_only") },
                { value: "upsert", label: t("imports.mode.upsert") },
              ]}
              onChange={(mode) => change({ mode: mode === "upsert" ? "upsert" : "create_only" })}
            />
          )}
          {isMarks && <Text size="sm">{t("imports.upload.examMarksHint")}</Text>}
          {isAttendance && <Text size="sm">{t("imports.upload.attendanceHint")}</Text>}
          {isAttendance && (
            <AddVisitors checked={options.auto_create} onChange={(auto_create) => change({ auto_create })} />
          )}
          {isStudents && (
            <>
              <Select
                label={t("imports.upload.dateOrder")}
                allowDeselect={false}
                value={options.date_order}
                data={[
                  { value: "", label: t("imports.order.usual") },
                  { value: "dmy", label: t("imports.order.dmy") },
                  { value: "mdy", label: t("imports.order.mdy") },
                ]}
                onChange={(date_order) => change({ date_order: date_order ?? "" })}
              />
              <Switch
                label={t("imports.upload.autoCreate")}
                description={t("imports.upload.autoCreateHint")}
                checked={options.auto_create}
                onChange={(event) => change({ auto_create: event.currentTarget.checked })}
              />
            </>
          )}
          <Button
            leftSection={<IconFileSpreadsheet size={16} />}
            disabled={!file}
            loading={isPending}
            onClick={() => file && mutate(file)}
          >
            {t("imports.upload.submit")}
          </Button>
        </Stack>
      </div>
      <Notice>
        <Text size="sm">
          {t("imports.upload.columns")}{" "}
          {columns.map((column, index) => (
            <span key={column}>
              {index > 0 && " · "}
              <span className={source.required.includes(column) ? classes.required : undefined}>
                <Code>{column}</Code>
              </span>
            </span>
          ))}
        </Text>
        <Text size="xs" c="dimmed" mt={4}>
          {session
            ? t("imports.upload.ofSessionColumns")
            : isAttendance
              ? t("imports.upload.otherColumns")
              : isMarks
                ? t("imports.upload.examMarksColumns")
                : t("imports.upload.promise")}
        </Text>
      </Notice>
    </Panel>
  );
}

type AddProps = { checked: boolean; onChange: (checked: boolean) => void };

/** Only whoever repairs rosters takes people in by a file. */
function AddVisitors({ checked, onChange }: AddProps) {
  const { t } = useTranslation();
  const can = useCan();
  if (!can("attendance.repair")) return null;
  return (
    <Switch
      label={t("imports.upload.addVisitors")}
      description={t("imports.upload.addVisitorsHint")}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
