import { Button, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { FormDialog } from "../../../ui/FormDialog";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { Notice } from "../../../ui/Notice";
import { useSaved } from "../../../ui/useSaved";
import { instantOfWall, wallOf } from "../../../ui/zoned";
import { EXAMS, type Exam, examUrl } from "../queries";

/** When verified results are published by themselves, and whether learners see how the class did. */
export function PublishAt({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const can = useCan();
  const [isOpen, { open, close }] = useDisclosure(false);
  const maySet = can("result.publish") && exam.status !== "completed" && exam.status !== "cancelled";
  if (!maySet && !exam.publish_at) return null;
  return (
    <Notice>
      <div style={{ display: "flex", flexWrap: "wrap", gap: "0.5rem 1rem", alignItems: "center" }}>
        <span>
          {exam.publish_at ? (
            <>
              {t("exams.publish.at", { moment: dateTime(exam.publish_at) })}{" "}
              {exam.publish_by_name && (
                <>
                  (<Bidi>{exam.publish_by_name}</Bidi>)
                </>
              )}
            </>
          ) : (
            t("exams.publish.never")
          )}{" "}
          {exam.show_statistics ? t("exams.publish.shown") : t("exams.publish.hidden")}
        </span>
        {maySet && (
          <Button size="compact-sm" variant="default" onClick={open}>
            {t("exams.publish.set")}
          </Button>
        )}
      </div>
      <FormDialog opened={isOpen} onClose={close} size="md" title={t("exams.publish.title")}>
        <PublishForm exam={exam} onDone={close} />
      </FormDialog>
    </Notice>
  );
}

const UTC = "UTC";

function PublishForm({ exam, onDone }: { exam: Exam; onDone: () => void }) {
  const { t } = useTranslation();
  const zone = useMe().institution?.time_zone ?? UTC;
  const saved = useSaved(EXAMS);
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: {
      publish_at: exam.publish_at ? wallOf(exam.publish_at, zone) : "",
      show_statistics: exam.show_statistics,
    },
  });
  return (
    <FormShell
      form={form}
      onSubmit={({ publish_at, show_statistics }) =>
        writeJson(
          "PATCH",
          examUrl(exam.id),
          { publish_at: instantOfWall(publish_at, zone), show_statistics },
          { ifMatch: exam.version },
        )
      }
      onReload={() => queryClient.invalidateQueries({ queryKey: [examUrl(exam.id)] })}
      onDone={async () => {
        await saved();
        onDone();
      }}
    >
      <TextInput
        data-autofocus
        type="datetime-local"
        dir="ltr"
        label={t("exams.publish.field")}
        description={t("exams.publish.hint", { zone })}
        {...form.getInputProps("publish_at")}
      />
      <Switch
        label={t("exams.publish.statistics")}
        description={t("exams.publish.statisticsHint")}
        {...form.getInputProps("show_statistics", { type: "checkbox" })}
      />
    </FormShell>
  );
}
