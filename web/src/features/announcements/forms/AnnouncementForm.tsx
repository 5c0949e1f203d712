import { Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { AudiencePicker } from "../../../ui/audience/AudiencePicker";
import { type Audience, namedOf } from "../../../ui/audience/audience";
import { Bidi } from "../../../ui/Bidi";
import { Columns } from "../../../ui/Columns";
import { changesOf } from "../../../ui/changes";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { Markdown } from "../../../ui/Markdown";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { instantOfWall, wallOf } from "../../../ui/zoned";
import { ReachView } from "../parts/ReachView";
import { ANNOUNCEMENTS, type Announcement, announcementUrl, PRIORITIES } from "../queries";

type Values = {
  title: string;
  body: string;
  category: string;
  priority: string;
  audience: Audience;
  send_email: boolean;
  publish_at: string;
  expires_at: string;
};
type Props = { announcement?: Announcement; cancel?: ReactNode; onDone: (saved: Announcement) => unknown };

const UTC = "UTC";

const valuesOf = (zone: string, row?: Announcement): Values => ({
  title: row?.title ?? "",
  body: row?.body ?? "",
  category: row?.category ?? "",
  priority: row?.priority ?? "normal",
  audience: row?.audience ?? [[]],
  send_email: row?.send_email ?? true,
  publish_at: row?.publish_at ? wallOf(row.publish_at, zone) : "",
  expires_at: row?.expires_at ? wallOf(row.expires_at, zone) : "",
});

/** A draft: what is said, to whom, and when; beside it how it will look and how many it reaches. */
export function AnnouncementForm({ announcement, cancel, onDone }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const { institution } = useMe();
  const zone = institution?.time_zone ?? UTC;
  const saved = useSaved(ANNOUNCEMENTS);
  const loaded = valuesOf(zone, announcement);
  const needed = isNotEmpty(t("announcements.needed"));
  const form = useForm<Values>({
    initialValues: loaded,
    validate: {
      title: needed,
      body: needed,
      audience: (value) => (namedOf(value).length > 0 ? null : t("announcements.audience.needed")),
    },
  });
  const wire = ({ audience, publish_at, expires_at, ...plain }: Partial<Values>) => ({
    ...plain,
    ...(audience === undefined ? {} : { audience: namedOf(audience) }),
    ...(publish_at === undefined ? {} : { publish_at: instantOfWall(publish_at, zone) }),
    ...(expires_at === undefined ? {} : { expires_at: instantOfWall(expires_at, zone) }),
  });
  const { values, errors } = form;
  const [, audienceFault] = Object.entries(errors).find(([path]) => path.startsWith("audience")) ?? [];
  return (
    <FormShell
      form={form}
      submitLabel={t("announcements.keep")}
      cancel={cancel}
      onReload={saved}
      onSubmit={(given, { idempotencyKey }) =>
        announcement
          ? writeJson<Announcement>(
              "PATCH",
              announcementUrl(announcement.id),
              wire(changesOf(given, loaded)),
              { ifMatch: announcement.version },
            )
          : writeJson<Announcement>("POST", ANNOUNCEMENTS, wire(given), { idempotencyKey })
      }
      onDone={async (result) => {
        await saved();
        await onDone(result);
      }}
    >
      <Columns
        side={
          <Panel title={t("announcements.preview")}>
            <Preview title={values.title} body={values.body} />
          </Panel>
        }
      >
        <Panel title={t("announcements.what")}>
          <Stack gap="sm">
            <TextInput
              label={t("announcements.fields.title")}
              required
              dir="auto"
              maxLength={200}
              {...form.getInputProps("title")}
            />
            <Textarea
              label={t("announcements.fields.body")}
              description={t("announcements.bodyHint")}
              required
              dir="auto"
              autosize
              minRows={6}
              maxRows={24}
              maxLength={10_000}
              {...form.getInputProps("body")}
            />
            <FieldGrid>
              <TextInput
                label={t("announcements.fields.category")}
                description={t("announcements.categoryHint")}
                dir="auto"
                maxLength={64}
                {...form.getInputProps("category")}
              />
              <Select
                label={t("announcements.fields.priority")}
                description={t("announcements.priorityHint")}
                allowDeselect={false}
                data={PRIORITIES.map((value) => ({ value, label: label("ui.priority", value) }))}
                {...form.getInputProps("priority")}
              />
            </FieldGrid>
          </Stack>
        </Panel>
        <Panel title={t("announcements.whom")}>
          <Stack gap="md">
            <AudiencePicker
              label={t("announcements.fields.audience")}
              hint={t("announcements.audience.hint")}
              value={values.audience}
              error={audienceFault}
              onChange={(audience) => {
                form.setFieldValue("audience", audience);
                form.clearFieldError("audience");
              }}
            />
            <div>
              <Text size="sm" fw={600}>
                {t("announcements.reach.title")}
              </Text>
              <ReachView audience={values.audience} />
            </div>
            <Switch
              label={t("announcements.fields.send_email")}
              description={t("announcements.mailHint")}
              {...form.getInputProps("send_email", { type: "checkbox" })}
            />
          </Stack>
        </Panel>
        <Panel title={t("announcements.when")}>
          <FieldGrid>
            <TextInput
              label={t("announcements.fields.publish_at")}
              description={t("announcements.publishHint")}
              type="datetime-local"
              dir="ltr"
              {...form.getInputProps("publish_at")}
            />
            <TextInput
              label={t("announcements.fields.expires_at")}
              description={t("announcements.expiresHint")}
              type="datetime-local"
              dir="ltr"
              {...form.getInputProps("expires_at")}
            />
          </FieldGrid>
          <Text size="xs" c="dimmed" mt="xs">
            {t("announcements.zone", { zone })}
          </Text>
        </Panel>
      </Columns>
    </FormShell>
  );
}

function Preview({ title, body }: { title: string; body: string }) {
  const { t } = useTranslation();
  if (!title && !body) {
    return (
      <Text size="sm" c="dimmed">
        {t("announcements.previewEmpty")}
      </Text>
    );
  }
  return (
    <>
      <Text fw={650} mb="xs">
        <Bidi>{title}</Bidi>
      </Text>
      <Markdown>{body}</Markdown>
    </>
  );
}
