import { useTranslation } from "react-i18next";
import { KeyName } from "../../../ui/audience/KeyName";

/** For whom a policy holds: the institution, a programme or a course. */
export function ScopeName({ scope }: { scope: string }) {
  const { t } = useTranslation();
  return scope === "institution" ? t("attendance.policies.everywhere") : <KeyName value={scope} />;
}
