import { Button, Radio, Stack, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Problem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { LANGUAGES, languageOf } from "../../../i18n/i18n";
import { useServerWords } from "../../../i18n/serverWords";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import { placeFaults } from "../../../ui/pointers";
import { Countdown } from "../parts/Countdown";
import { APPLY, type OpenIntake, type Start } from "../queries";
import { WriteQueue } from "../queue";
import { useQueueState } from "../useWizard";
import classes from "./StartForm.module.css";

type Values = { intake: string; email: string; language: string; website: string };
type Props = {
  institution: string;
  zone: string;
  intakes: OpenIntake[];
  onSent: (email: string) => void;
};

/** Which intake, which address: the rest comes by mail. The answer is the same for everybody. */
export function StartForm({ institution, zone, intakes, onSent }: Props) {
  const { t, i18n } = useTranslation();
  const format = useFormat(zone);
  const words = useServerWords();
  const [queue] = useState(() => new WriteQueue());
  const { waitingUntil } = useQueueState(queue);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const mail = useRef<HTMLInputElement>(null);
  const only = intakes.length === 1 ? intakes[0] : undefined;
  const form = useForm<Values>({
    initialValues: {
      intake: only ? String(only.id) : "",
      email: "",
      language: languageOf(i18n.language).code,
      website: "",
    },
    validate: {
      intake: isNotEmpty(t("apply.start.chooseIntake")),
      email: isNotEmpty(t("apply.start.emailNeeded")),
    },
  });

  const send = async (values: Values) => {
    setSending(true);
    setProblem(null);
    const body: Start = { ...values, intake: Number(values.intake), institution };
    try {
      await queue.add(() => writeJson("POST", APPLY, body), 0);
      onSent(values.email.trim());
    } catch (error) {
      const refused = asProblem(error);
      const { fields, rest } = placeFaults(refused.errors, values, {}, (fault) =>
        words(fault.code, fault.detail),
      );
      form.setErrors(fields);
      if (fields.email) mail.current?.focus();
      setProblem(Object.keys(fields).length > 0 && rest.length === 0 ? null : refused);
    } finally {
      setSending(false);
    }
  };

  return (
    <form onSubmit={form.onSubmit((values) => void send(values))} noValidate aria-busy={isSending}>
      <Stack gap="md">
        {problem && <ErrorPanel error={problem} />}
        <Radio.Group label={t("apply.start.intake")} {...form.getInputProps("intake")}>
          <Stack gap="xs" mt={6}>
            {intakes.map((intake) => (
              <Radio.Card key={intake.id} value={String(intake.id)} className={classes.intake}>
                <Radio.Indicator />
                <span>
                  <strong>
                    <Bidi>{intake.program}</Bidi>
                  </strong>
                  <small>
                    <Bidi>{intake.batch}</Bidi> ·{" "}
                    {t("apply.start.closes", { when: format.dateTime(intake.closes_at) })}
                  </small>
                </span>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
        <TextInput
          {...form.getInputProps("email")}
          ref={mail}
          label={t("apply.start.email")}
          description={t("apply.start.emailHint")}
          type="email"
          dir="ltr"
          inputMode="email"
          autoComplete="email"
          maxLength={254}
          required
        />
        <Radio.Group label={t("apply.start.language")} {...form.getInputProps("language")}>
          <div className={classes.languages}>
            {LANGUAGES.map(({ code, name }) => (
              <Radio key={code} value={code} label={<span lang={code}>{name}</span>} />
            ))}
          </div>
        </Radio.Group>
        {/* People do not see it; what fills it in is no person. */}
        <div className={classes.trap} aria-hidden="true">
          <label htmlFor="website">Website</label>
          <input
            id="website"
            name="website"
            tabIndex={-1}
            autoComplete="off"
            value={form.values.website}
            onChange={(event) => form.setFieldValue("website", event.currentTarget.value)}
          />
        </div>
        {waitingUntil !== null && <Countdown until={waitingUntil} what="start" />}
        <Button type="submit" size="md" loading={isSending} fullWidth>
          {t("apply.start.submit")}
        </Button>
      </Stack>
    </form>
  );
}
