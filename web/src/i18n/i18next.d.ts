// Makes every text key a checked type. A new namespace adds one line to each list.
import type academics from "./en/academics.json";
import type account from "./en/account.json";
import type administration from "./en/administration.json";
import type announcements from "./en/announcements.json";
import type app from "./en/app.json";
import type application from "./en/application.json";
import type applications from "./en/applications.json";
import type apply from "./en/apply.json";
import type attendance from "./en/attendance.json";
import type deliveries from "./en/deliveries.json";
import type directory from "./en/directory.json";
import type documents from "./en/documents.json";
import type exams from "./en/exams.json";
import type home from "./en/home.json";
import type imports from "./en/imports.json";
import type inbox from "./en/inbox.json";
import type intakes from "./en/intakes.json";
import type materials from "./en/materials.json";
import type notifications from "./en/notifications.json";
import type obligations from "./en/obligations.json";
import type operations from "./en/operations.json";
import type person from "./en/person.json";
import type requests from "./en/requests.json";
import type rules from "./en/rules.json";
import type session from "./en/session.json";
import type students from "./en/students.json";
import type timetable from "./en/timetable.json";
import type ui from "./en/ui.json";
import type webhooks from "./en/webhooks.json";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: {
      translation: {
        academics: typeof academics;
        account: typeof account;
        administration: typeof administration;
        announcements: typeof announcements;
        app: typeof app;
        application: typeof application;
        applications: typeof applications;
        apply: typeof apply;
        deliveries: typeof deliveries;
        attendance: typeof attendance;
        directory: typeof directory;
        documents: typeof documents;
        exams: typeof exams;
        home: typeof home;
        imports: typeof imports;
        inbox: typeof inbox;
        intakes: typeof intakes;
        materials: typeof materials;
        notifications: typeof notifications;
        obligations: typeof obligations;
        person: typeof person;
        operations: typeof operations;
        requests: typeof requests;
        rules: typeof rules;
        session: typeof session;
        students: typeof students;
        timetable: typeof timetable;
        ui: typeof ui;
        webhooks: typeof webhooks;
      };
    };
  }
}
